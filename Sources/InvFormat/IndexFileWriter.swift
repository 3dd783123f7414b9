import InvBytes
import InvSystem

/// Writes one file of an index: its payload first, its header when all is known.
final class IndexFileWriter {
  let name: String
  private let descriptor: Descriptor
  private var buffer: [UInt8] = []
  private var hash = XXH64.Stream()
  /// How long the payload is so far.
  private(set) var length: UInt64 = 0
  private(set) var header: IndexHeader?
  private static let bufferSize = 64 << 10

  init(_ name: String, in place: IndexPlace) throws(Failure) {
    self.name = name
    descriptor = try Temporaries.shared.create("\(place.folder)/\(name)")
    buffer.reserveCapacity(Self.bufferSize + 8192)
    buffer = [UInt8](repeating: 0, count: IndexHeader.length)
    try descriptor.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Appends to the payload.
  func append(_ bytes: [UInt8]) throws(Failure) {
    buffer += bytes
    length += UInt64(bytes.count)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  private func flush() throws(Failure) {
    hash.add(buffer.raw)
    try descriptor.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Ends the payload; the header lacks only the build.
  func end(_ header: IndexHeader) throws(Failure) {
    try flush()
    var header = header
    header.payloadLength = length
    header.payloadChecksum = hash.hash
    self.header = header
    buffer = []
  }

  /// Writes the header and waits until the file is on its medium.
  func seal(build: UInt64) throws(Failure) {
    guard var header else { preconditionFailure("a file is sealed before its end") }
    header.build = build
    try descriptor.write(header.bytes, at: 0)
    try descriptor.sync()
  }
}

/// Where the files of an index are written, and where what waits is put.
struct IndexPlace {
  let folder: String
  /// Where temporary files go.
  let temporaryFolder: String
  /// What the names of temporary files begin with.
  private let temporary: String

  init(folder: String, temporary: String?) {
    self.folder = folder
    temporaryFolder = temporary ?? folder
    let word = String(Machine.randomWord, radix: 16)
    self.temporary = temporary.map { "\($0)/inv-mkindex-\(word)." } ?? "\(folder)/."
  }

  /// The name of a temporary file.
  func spill(_ name: String) -> String { temporary + name }
}
