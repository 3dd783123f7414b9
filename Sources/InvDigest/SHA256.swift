import CCrypto

/// SHA-256 (FIPS 180-4), and the HMAC (RFC 2104) that is made of it.
public enum SHA256 {
  public static let length = 32

  /// EVP_Digest.
  public static func of(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: length)
    let code = unsafe bytes.withUnsafeBytes { bytes in
      unsafe digest.withUnsafeMutableBufferPointer { digest in
        unsafe EVP_Digest(
          bytes.baseAddress, bytes.count, digest.baseAddress, nil, EVP_sha256(), nil)
      }
    }
    precondition(code == 1, "libcrypto computes a SHA-256")
    return digest
  }

  /// HMAC(3) of `bytes` under `key`.
  public static func authentication(of bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: length)
    // A null key would be taken for the key of the call before.
    let room = key.isEmpty ? [0] : key
    let result = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe digest.withUnsafeMutableBufferPointer { digest in
        unsafe room.withUnsafeBytes { room in
          unsafe HMAC(
            EVP_sha256(), room.baseAddress, Int32(key.count), bytes.baseAddress, bytes.count,
            digest.baseAddress, nil)
        }
      }
    }
    unsafe precondition(result != nil, "libcrypto computes an HMAC")
    return digest
  }
}
