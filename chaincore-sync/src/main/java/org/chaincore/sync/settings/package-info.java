/**
 * What a node may be told to do differently while it runs, by its host or by a signed document, and
 * when its tasks are due. Start at {@code OperationalSettings}; documents are judged by {@code
 * SettingsState}, the clockwork is {@code TaskSchedule}. Consensus is never among the settings.
 */
package org.chaincore.sync.settings;
