import CZlib

#if canImport(CIsal)
  import CIsal
#endif

/// The checksum of gzip over `bytes`.
public func crc32(_ bytes: RawSpan) -> UInt32 {
  unsafe bytes.withUnsafeBytes { bytes in
    #if canImport(CIsal)
      unsafe crc32_gzip_refl(
        0, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, UInt64(bytes.count))
    #else
      unsafe UInt32(
        truncatingIfNeeded: crc32_z(
          0, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count))
    #endif
  }
}
