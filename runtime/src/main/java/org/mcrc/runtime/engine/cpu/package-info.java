/**
 * The engine that needs no GPU: generated Java on the Vector API, compiled in memory, on all cores. It runs a program from
 * its manifest and its class alone.
 */
package org.mcrc.runtime.engine.cpu;
