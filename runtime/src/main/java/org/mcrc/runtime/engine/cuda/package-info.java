/** Runs compiled programs on a graphics processor: the manifest's launches on the buffers of a {@link Device}. */
package org.mcrc.runtime.engine.cuda;
