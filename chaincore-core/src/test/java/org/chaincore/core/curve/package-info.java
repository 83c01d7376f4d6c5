/** Tests of the arithmetic of the curve. */
package org.chaincore.core.curve;
