package org.chaincore.sync.settings;

/** Placeholder of the type that its own branch brings. */
public record OperationalSettings() {}
