package org.chaincore.core.archive;

/** An archive could not be read or written. Says what is wrong and where. */
public final class ArchiveException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ArchiveFault fault;
  private final long offset;

  ArchiveException(ArchiveFault fault, long offset, String problem) {
    super("byte " + offset + ": " + problem);
    this.fault = fault;
    this.offset = offset;
  }

  ArchiveException(ArchiveFault fault, long offset, String problem, Throwable cause) {
    super("byte " + offset + ": " + problem, cause);
    this.fault = fault;
    this.offset = offset;
  }

  /** What kind of thing is wrong. */
  public ArchiveFault fault() {
    return fault;
  }

  /** Where in the archive it is: the first byte of the frame, or of what is missing. */
  public long offset() {
    return offset;
  }
}
