/** What is kept on disk between runs, so that nothing is compiled or fetched twice. */
package org.mcrc.runtime.engine.cache;
