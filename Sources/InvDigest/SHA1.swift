import CCrypto

/// SHA-1 (FIPS 180-4), for names that others have made of it; it keeps nothing safe.
public enum SHA1 {
  public static let length = 20

  /// EVP_Digest.
  public static func of(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: length)
    let code = unsafe bytes.withUnsafeBytes { bytes in
      unsafe digest.withUnsafeMutableBufferPointer { digest in
        unsafe EVP_Digest(bytes.baseAddress, bytes.count, digest.baseAddress, nil, EVP_sha1(), nil)
      }
    }
    precondition(code == 1, "libcrypto computes a SHA-1")
    return digest
  }
}
