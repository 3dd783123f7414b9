import InvCompress
import InvFormat
import InvSource
import InvSystem

/// A data file that waits to be read.
struct DataFile: Sendable {
  enum Content: Sendable {
    case path(String)
    /// Pieces of it as they come, none at its end.
    case pieces(BoundedQueue<[UInt8]>)
    /// Standard input, of which these bytes have been taken; of a regular file, where it stands.
    case standardInput([UInt8], at: UInt64?)
  }

  /// Its place among the files, from 0.
  let number: Int
  let entry: FileEntry
  let content: Content

  /// Its bytes, in order; `whole` becomes the same file where that can be read at any place: a name may
  /// lead to another one later, or be that of a pipe, which is opened once.
  func source(_ whole: inout SeekableFile?) throws(Failure) -> ByteSource {
    let name = String(decoding: entry.name, as: UTF8.self)
    switch content {
    case .path(let path):
      let descriptor = try Descriptor.reading(path)
      if try descriptor.status().kind == .file {
        whole = try SeekableFile(try descriptor.duplicate(), name: name)
      }
      return ByteSource(descriptor)
    case .pieces(let queue):
      return ByteSource(name: name) { () throws(Failure) -> [UInt8]? in
        queue.pop().flatMap { $0.isEmpty ? nil : $0 }
      }
    case .standardInput(let ahead, let start):
      if start != nil { whole = try SeekableFile(Descriptor.standardInput, name: name) }
      let rest = StandardInput(ahead)
      return ByteSource(name: "standard input") { () throws(Failure) -> [UInt8]? in
        try rest.next()
      }
    }
  }

  /// Where in the file its bytes begin.
  var start: UInt64 {
    if case .standardInput(_, let start?) = content { return start }
    return 0
  }

  /// Lets the reader of the stream pass over what is not read of this file.
  func abandon() {
    if case .pieces(let queue) = content { queue.abandon() }
  }

  /// Removes the file if it is owned: inv-rows(5), "Owned files".
  func remove() throws(Failure) {
    guard entry.isOwned, let path = entry.path, let status = try FileStatus.ofItself(path),
      status.kind == .file, status.links == 1
    else { return }
    try removeFile(path)
  }
}

/// What comes on standard input, after the bytes that have been taken of it.
private final class StandardInput: @unchecked Sendable {
  private var ahead: [UInt8]
  private let descriptor = Descriptor.standardInput

  init(_ ahead: [UInt8]) { self.ahead = ahead }

  func next() throws(Failure) -> [UInt8]? {
    if !ahead.isEmpty {
      defer { ahead = [] }
      return ahead
    }
    let bytes = try descriptor.piece(upTo: 1 << 18)
    return bytes.isEmpty ? nil : bytes
  }
}

/// Where the names of data files come from.
enum Input {
  case files(FileStreamReader)
  /// Standard input is a data file itself; these bytes have been taken of it, or, of a regular file, none,
  /// and it stands at that place.
  case standardInput([UInt8], at: UInt64?)
  case operands([String])

  /// How many files there are, as far as that is known before they are read.
  var files: Int? {
    switch self {
    case .files: nil
    case .standardInput: 1
    case .operands(let paths): paths.count
    }
  }

  /// What the operands stand for; standard input when there is none or only `-`.
  init(_ operands: [[UInt8]], paths: () throws(Failure) -> [String]) throws(Failure) {
    guard operands.isEmpty || operands == [[0x2d]] else {
      self = .operands(try paths())
      return
    }
    let input = Descriptor.standardInput
    if input.isTerminal {
      throw .usage("standard input is a terminal: inv-parse needs the output of inv-fetch, or FILE")
    }
    var ahead: [UInt8] = []
    if try input.status().kind == .file {
      ahead = try Self.front(input)
    } else {
      while ahead.count < Container.magic.count {
        let bytes = try input.piece(upTo: Container.magic.count - ahead.count)
        if bytes.isEmpty { break }
        ahead += bytes
      }
      if ahead.isEmpty { throw .data("standard input is empty: nothing came") }
    }
    if ahead == Container.magic {
      let stream = try RowStream(input, ahead: ahead)
      self = .files(try FileStreamReader(stream, wanting: "inv-parse"))
    } else {
      let isFile = try input.status().kind == .file
      self = .standardInput(isFile ? [] : ahead, at: isFile ? input.position : nil)
    }
  }

  /// The first bytes of a regular file, which stay to be read.
  private static func front(_ file: borrowing Descriptor) throws(Failure) -> [UInt8] {
    var bytes = Container.magic
    var outcome: Result<Int, Failure> = .success(0)
    unsafe bytes.withUnsafeMutableBytes { room in
      do throws(Failure) { outcome = .success(unsafe try file.read(into: room, at: 0)) } catch {
        outcome = .failure(error)
      }
    }
    return Array(bytes.prefix(try outcome.get()))
  }
}
