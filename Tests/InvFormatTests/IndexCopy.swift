import Foundation
import InvBytes
import InvSystem

@testable import InvFormat

/// A golden index in a folder of its own, to be damaged file by file.
final class IndexCopy {
  let path: String
  /// The files as they are in the golden index, those of JSON left out.
  let files: [String: [UInt8]]

  init(_ encoding: String, name: String = UUID().uuidString) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "inv-\(name)")
    try FileManager.default.copyItem(at: golden.appending(path: "index/\(encoding)"), to: url)
    path = url.path
    var files: [String: [UInt8]] = [:]
    for name in try namesInFolder(path) where !name.hasSuffix(".json") {
      files[name] = [UInt8](try Data(contentsOf: url.appending(path: name)))
    }
    self.files = files
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The names, sorted.
  var names: [String] { files.keys.sorted() }

  /// The header and the payload of a file.
  func parts(_ name: String) throws -> (header: IndexHeader, payload: [UInt8]) {
    guard let bytes = files[name] else { throw CocoaError(.fileNoSuchFile) }
    return (try IndexHeader(bytes.raw), Array(bytes[IndexHeader.length...]))
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
  }

  /// Runs `body` while the file holds other bytes.
  func with<Result>(_ name: String, _ bytes: [UInt8], _ body: (String) throws -> Result) throws
    -> Result
  {
    try write(name, bytes)
    defer { if let bytes = files[name] { try? write(name, bytes) } }
    return try body(path)
  }
}

/// Asks an index everything that readers can ask, of all entries; the faults are counted, and are all
/// that may come of hostile bytes besides answers.
///
/// How much there is to do depends on the number of entries alone.
struct IndexQuestions {
  private(set) var answers = 0
  private(set) var faults = 0
  let refusal: Failure?

  init(_ path: String) throws {
    let index: Index
    do throws(Failure) { index = try Index(path) } catch {
      refusal = error
      return
    }
    refusal = nil
    var places = Array(0..<index.count) + (0..<index.count).reversed().filter { $0 % 3 == 0 }
    places += [-1, index.count, .max, .min]
    var names: [[UInt8]] = []
    askNames(index, places, &names)
    askTree(index, places)
    askFigures(index, places)
    var rows = IndexRows(index)
    while ask({ () throws(FormatError) in try rows.next() }) == true {}
    ask { () throws(FormatError) in
      var keys = PrefixBatchKeys()
      for name in names { keys.append(name) }
      var found: [FoundPrefix] = []
      try index.find(keys, into: &found)
    }
  }

  @discardableResult
  private mutating func ask<Answer>(_ question: () throws(FormatError) -> Answer) -> Answer? {
    do throws(FormatError) {
      let answer = try question()
      answers += 1
      return answer
    } catch {
      faults += 1
      return nil
    }
  }

  private mutating func askNames(_ index: Index, _ places: [Int], _ names: inout [[UInt8]]) {
    let cursor = PrefixCursor(index.strings)
    for place in places {
      var name: [UInt8] = []
      ask { () throws(FormatError) in try index.strings.read(place, into: &name) }
      ask { () throws(FormatError) in try cursor.move(to: place) }
      for key in [name, name + [0x2f], [], Array(name.dropLast())] {
        ask { () throws(FormatError) in try index.equals(place, key) }
      }
      ask { () throws(FormatError) in try index.find(name) }
      if names.count < 500 { names.append(name) }
    }
    ask { () throws(FormatError) in
      try index.nearest(Array("no/row/of/its/ancestors/nor/descendants/".utf8))
    }
    ask { () throws(FormatError) in try index.lowerBound([0x77], in: 0..<index.count) }
  }

  private mutating func askTree(_ index: Index, _ places: [Int]) {
    for place in places {
      ask { () throws(FormatError) in
        // The children, by hopping.
        let end = try index.end(of: place)
        var child = place + 1
        while child < end { child = try index.end(of: child) }
      }
      for levels in [0, 1, 3, .max] {
        let range = ask { () throws(FormatError) in
          try index.descendants(of: place, levels: levels)
        }
        for at in (range ?? 0..<0).prefix(3) {
          ask { () throws(FormatError) in try index.depthIndex.value(at) }
        }
      }
    }
  }

  private mutating func askFigures(_ index: Index, _ places: [Int]) {
    let columns =
      [
        index.objects, index.bytes, index.depths, index.ends, index.greatestDepths,
        index.directObjects, index.directBytes, index.rollups, index.depthIndex,
      ] + index.times + index.directTimes
    for column in columns {
      let cursor = ColumnCursor(column)
      for place in places {
        ask { () throws(FormatError) in try column.value(place) }
        ask { () throws(FormatError) in try cursor.value(place) }
      }
    }
    let cells = IndexCells(index)
    for place in places {
      ask { () throws(FormatError) in try cells.readOwn(place) }
      ask { () throws(FormatError) in try cells.readAll(place) }
    }
  }
}
