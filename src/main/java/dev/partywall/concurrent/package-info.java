/**
 * Building blocks for concurrency: periodic tasks, backoff, bounded parallel work, a bounded cache
 * and a watchdog.
 */
@NullMarked
package dev.partywall.concurrent;

import org.jspecify.annotations.NullMarked;
