/** Tests of scripts, keys and signatures. */
package org.chaincore.core.script;
