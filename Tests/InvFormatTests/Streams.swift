import Foundation
import InvFormat
import InvSystem

// Streams come and go through files in a folder of their own.

/// The folder Tests/golden.
let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .appending(path: "golden")

/// Whether golden files are to be written anew, not compared.
let isBlessing = ProcessInfo.processInfo.environment["INV_BLESS"] != nil

func goldenBytes(_ name: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: golden.appending(path: name)))
}

/// Runs `body` with the path of a file that is there for as long.
func withFile<Result>(_ bytes: [UInt8] = [], _ body: (String) throws -> Result) throws -> Result {
  let url = FileManager.default.temporaryDirectory.appending(path: "inv-\(UUID().uuidString)")
  try Data(bytes).write(to: url)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path)
}

/// The contents of a file, named "stream".
func reading(_ path: String) -> Descriptor {
  let number = unsafe open(path, O_RDONLY)
  return Descriptor(number, name: "stream")
}

/// The same bytes from a pipe, which must hold them all.
func piped(_ bytes: [UInt8]) throws -> Descriptor {
  var ends: [Int32] = [0, 0]
  let made = unsafe pipe(&ends)
  precondition(made == 0 && bytes.count <= 65_536)
  let writer = Descriptor(ends[1], name: "pipe")
  try writer.write(bytes)
  return Descriptor(ends[0], name: "stream")
}

/// What `write` writes.
func written(_ write: (consuming Descriptor) throws -> Void) throws -> [UInt8] {
  try withFile { path in
    try write(Descriptor(unsafe open(path, O_WRONLY), name: "output"))
    return [UInt8](try Data(contentsOf: URL(filePath: path)))
  }
}

/// The stream that `text` stands for.
func load(_ text: [UInt8], _ codec: Codec = .none) throws -> [UInt8] {
  try withFile(text) { path in
    try written { output in
      try StreamLoader(reading(path), to: output, codec: codec, tool: "test").load()
    }
  }
}

func load(_ text: String) throws -> [UInt8] { try load(Array(text.utf8)) }

/// The text of a stream, and why it broke off.
func text(
  _ stream: [UInt8], _ format: StreamPrinter.Format = .text, rowsOnly: Bool = false
) throws -> (bytes: [UInt8], failure: Failure?) {
  var failure: Failure?
  let bytes = try withFile(stream) { path in
    try written { output in
      let printer = StreamPrinter(TextOutput(output), format: format, rowsOnly: rowsOnly)
      do throws(Failure) { try printer.show(reading(path)) } catch { failure = error }
      try printer.flush()
    }
  }
  return (bytes, failure)
}

/// What is wrong with a stream; nil when nothing is.
func fault(_ stream: [UInt8], asPipe: Bool = false) throws -> Failure? {
  func check(_ descriptor: consuming Descriptor) -> Failure? {
    do throws(Failure) { _ = try StreamCheck(descriptor) } catch { return error }
    return nil
  }
  if asPipe { return check(try piped(stream)) }
  return try withFile(stream) { path in check(reading(path)) }
}
