package org.chaincore.core.archive;

/** What is wrong with an archive, for a host that wants to act on it. */
public enum ArchiveFault {
  /** The bytes are no archive of this kind. */
  NOT_AN_ARCHIVE,
  /** A later release wrote it. */
  FORMAT_VERSION,
  /** It is of another network. */
  OTHER_NETWORK,
  /** It ends before it should. */
  TRUNCATED,
  /** A checksum, a length or what is inside a frame is not what was written. */
  DAMAGED,
  /** What is in it breaks a rule of the chain. */
  REFUSED,
  /** The coins are not those of the hash that the host trusts. */
  UNTRUSTED,
  /** The channel failed. */
  IO
}
