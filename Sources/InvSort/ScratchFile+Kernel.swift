import InvSystem

/// A file without a name, to which is added and of which stretches are read.
final class ScratchFile {
  private let file: Descriptor
  private(set) var length: UInt64 = 0

  private init(in folder: String) throws(Failure) { file = try Descriptor.scratch(in: folder) }

  /// What `file` is, made in `folder` when it is first needed.
  static func made(_ file: inout ScratchFile?, in folder: String) throws(Failure) -> ScratchFile {
    if let file { return file }
    let made = try ScratchFile(in: folder)
    file = made
    return made
  }

  func append(_ bytes: RawSpan) throws(Failure) {
    let at = length
    var failure: Failure?
    unsafe bytes.withUnsafeBytes { bytes in
      do throws(Failure) { unsafe try file.write(bytes, at: at) } catch { failure = error }
    }
    if let failure { throw failure }
    length += UInt64(bytes.byteCount)
  }

  func append(_ values: Span<FileKey>) throws(Failure) { try append(unsafe values.bytes) }

  /// Reads at most `count` bytes from the front of `range`, which gets shorter, to the end of `bytes`.
  func take(_ range: inout Range<UInt64>, upTo count: Int, into bytes: inout [UInt8])
    throws(Failure)
  {
    let count = Int(min(UInt64(count), range.upperBound - range.lowerBound))
    guard try file.append(count, at: range.lowerBound, to: &bytes) == count else {
      throw Failure("\(printable(file.name)) has become shorter", .system)
    }
    range = range.lowerBound + UInt64(count)..<range.upperBound
  }
}
