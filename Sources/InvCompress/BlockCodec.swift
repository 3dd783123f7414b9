/// How blocks are compressed whose length is kept elsewhere, as files of columns do.
public enum BlockCodec: Sendable, CaseIterable {
  /// As it is.
  case plain
  /// Deflate (RFC 1951) without header and trailer.
  case deflate
  /// Gzip (RFC 1952): members one after another.
  case gzip
  /// Snappy without framing.
  case snappy
  /// A block of LZ4 without framing.
  case lz4
  /// Blocks of LZ4 as Hadoop frames them, each with its lengths before it.
  case hadoopLZ4
  /// Frames of Zstandard (RFC 8878).
  case zstd
  /// Brotli (RFC 7932).
  case brotli
}
