/**
 * The first code that an embedder copies: one program for each thing that a host does with a node.
 * They share nothing but the library, and print at last one line for machines.
 */
@NullMarked
package org.chaincore.examples.tour;

import org.jspecify.annotations.NullMarked;
