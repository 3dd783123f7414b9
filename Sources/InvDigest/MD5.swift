import CCrypto
public import InvSystem

/// MD5 (RFC 1321) of bytes that come in pieces.
@safe public struct MD5: ~Copyable {
  private let context: OpaquePointer

  /// EVP_DigestInit_ex.
  public init() throws(Failure) {
    guard let context = unsafe EVP_MD_CTX_new() else {
      throw Failure("no memory for an MD5", .system)
    }
    guard unsafe EVP_DigestInit_ex(context, EVP_md5(), nil) == 1 else {
      unsafe EVP_MD_CTX_free(context)
      throw Failure("libcrypto refuses to compute an MD5", .system)
    }
    unsafe self.context = context
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  /// EVP_DigestUpdate.
  public mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { bytes in
      let code = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
      precondition(code == 1, "an MD5 that has begun goes on")
    }
  }

  /// EVP_DigestFinal_ex.
  public consuming func finish() -> Digest {
    var bytes = [UInt8](repeating: 0, count: 16)
    let code = unsafe bytes.withUnsafeMutableBufferPointer {
      unsafe EVP_DigestFinal_ex(context, $0.baseAddress, nil)
    }
    precondition(code == 1, "an MD5 that has begun ends")
    return Digest(bytes: bytes)
  }

  /// The MD5 of `bytes`.
  public static func of(_ bytes: [UInt8]) throws(Failure) -> Digest {
    var md5 = try MD5()
    md5.update(bytes.span)
    return md5.finish()
  }

  /// The MD5 of a file, read in pieces.
  public static func ofFile(_ path: String) throws(Failure) -> Digest {
    let file = try Descriptor.reading(path)
    var md5 = try MD5()
    var piece = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count = try file.fill(&piece)
      md5.update(piece.span.extracting(first: count))
      if count < piece.count { return md5.finish() }
    }
  }

  /// What an MD5 comes to.
  public struct Digest: Equatable, Sendable {
    private let high: UInt64
    private let low: UInt64

    fileprivate init(bytes: [UInt8]) {
      func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
      (high, low) = (word(bytes[..<8]), word(bytes[8...]))
    }

    /// Reads 32 hexadecimal digits of either case; nil is anything else.
    public init?(hex: some Collection<UInt8>) {
      guard hex.count == 32 else { return nil }
      var words: [UInt64] = []
      for half in [hex.prefix(16), hex.suffix(16)] {
        guard half.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit && $0 < 0x80 }),
          let word = UInt64(String(decoding: half, as: UTF8.self), radix: 16)
        else { return nil }
        words.append(word)
      }
      (high, low) = (words[0], words[1])
    }

    /// 32 small hexadecimal digits.
    public var hex: String {
      [high, low].map {
        let digits = String($0, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
      }.joined()
    }
  }
}
