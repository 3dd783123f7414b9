/// Which library inflates.
public enum InflateEngine: Sendable, CaseIterable {
  /// ISA-L; where it was not compiled in, zlib.
  case fastest
  case zlib

  func make() -> (any Inflater)? {
    #if canImport(CIsal)
      if self == .fastest { return IsalInflater() }
    #endif
    return ZlibInflater()
  }
}
