/**
 * What is kept on disk between runs, so that nothing is compiled or fetched twice: files in one folder
 * ({@link org.mcrc.runtime.engine.cache.CacheFolder}), and whole compiled programs in them
 * ({@link org.mcrc.runtime.engine.cache.ProgramCache}).
 */
package org.mcrc.runtime.engine.cache;
