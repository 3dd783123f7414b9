import InvCompress
import InvFormat
import InvSource
import InvSystem

extension Parsing {
  /// Hands every file that `input` names to the threads.
  func hand(out input: Input) throws(Failure) {
    switch input {
    case .operands(let paths):
      var seen = SeenFiles()
      var files: [(FileEntry, UInt64)] = []
      for path in paths {
        files.append((FileEntry(name: [UInt8](path.utf8), path: path, origin: origin(nil)), 0))
        files[files.count - 1].1 = try seen.add(path)
      }
      expect(bytes: files.reduce(0) { $0 + $1.1 })
      for (number, file) in files.enumerated() {
        queue.push(DataFile(number: number, entry: file.0, content: .path(file.0.path ?? "")))
      }
    case .standardInput(let ahead, let place):
      let entry = FileEntry(name: Array("standard input".utf8), path: nil, origin: origin(nil))
      queue.push(DataFile(number: 0, entry: entry, content: .standardInput(ahead, at: place)))
    case .files(let stream):
      expect(bytes: stream.bytes)
      try hand(out: stream)
    }
  }

  private func hand(out stream: FileStreamReader) throws(Failure) {
    var seen = SeenFiles()
    var number = 0
    var pieces: BoundedQueue<[UInt8]>?
    // A file whose bytes do not come to an end is not to be waited for.
    defer { pieces?.close() }
    while !isStopped(at: Place(file: number)), let event = try stream.next() {
      switch event {
      case .file(var entry):
        entry.origin = origin(entry.origin)
        var content: DataFile.Content
        if let path = entry.path {
          // One that is removed makes room for another file with its number.
          if !entry.isOwned { _ = try seen.add(path) }
          content = .path(path)
        } else {
          let queue = BoundedQueue<[UInt8]>(capacity: 2)
          pieces = queue
          content = .pieces(queue)
        }
        queue.push(DataFile(number: number, entry: entry, content: content))
        number += 1
      case .chunk(let bytes):
        pieces?.push(bytes)
        if bytes.isEmpty { pieces = nil }
      case .maker(let maker):
        makers.add(maker)
      case .end: break
      }
    }
  }

  /// Where rows come from: what the file stream says unless the options say it.
  private func origin(_ origin: Origin?) -> Origin {
    Origin(
      mount: settings.mount ?? origin?.mount ?? [], bucket: settings.bucket ?? origin?.bucket ?? [],
      snapshot: settings.snapshot ?? origin?.snapshot)
  }
}

/// The files that have been named, however they are called.
private struct SeenFiles {
  private struct Place: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  private var paths: [Place: String] = [:]

  /// Adds a file and returns its size, 0 where there is none; it is an error to name one twice.
  mutating func add(_ path: String) throws(Failure) -> UInt64 {
    guard let status = try FileStatus.of(path), status.kind == .file else { return 0 }
    let place = Place(device: status.device, inode: status.inode)
    if let other = paths[place] {
      throw .data("the same data file twice: \(printable(other)) and \(printable(path))")
    }
    paths[place] = path
    return status.size
  }
}
