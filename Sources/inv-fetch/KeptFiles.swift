import InvDigest
import InvSource
import InvSystem
import InvText

/// The folder of `--keep`: whole and verified files under names that are made of their keys.
struct KeptFiles: Sendable {
  let folder: String

  /// Makes the folder unless it is there.
  init(_ folder: String) throws(Failure) {
    _ = try makeFolder(folder)
    self.folder = try resolvedPath(folder)
  }

  func path(bucket: [UInt8], _ listed: Manifest.File) -> String {
    Spool.path(Self.name(bucket: bucket, listed), in: folder)
  }

  /// A name that no other file has, though it may be called the same, and that says what it can of the
  /// key: digits, then the end of the key's last part, with `_` for all but letters, digits, `-`, `.` and `_`.
  static func name(bucket: [UInt8], _ listed: Manifest.File) -> String {
    let key = listed.key
    let content = "\(listed.size) \(listed.md5?.hex ?? "")/"
    let digits = SHA256.of(Array(content.utf8) + bucket + [0x2f] + key).prefix(16).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
    let last = key.split(separator: 0x2f).last ?? []
    let safe = last.suffix(100).map { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e: byte
      default: UInt8(0x5f)
      }
    }
    return "\(digits)-\(String(decoding: safe, as: UTF8.self))"
  }

  /// Whether a file of that size lies at `path`.
  static func isThere(_ path: String, size: UInt64) throws(Failure) -> Bool {
    guard let status = try FileStatus.ofItself(path) else { return false }
    return status.kind == .file && status.size == size
  }
}
