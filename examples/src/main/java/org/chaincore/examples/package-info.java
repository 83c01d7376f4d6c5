/** Programs that show the library at work; one executable jar holds them all. */
@NullMarked
package org.chaincore.examples;

import org.jspecify.annotations.NullMarked;
