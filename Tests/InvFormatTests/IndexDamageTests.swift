import Foundation
import InvBytes
import InvSystem
import TestSupport
import Testing

@testable import InvFormat

/// Damaged indexes: whatever is asked, there is an answer or a fault, and inv-check finds a fault.
@Suite struct IndexDamageTests {
  static let encodings = ["packed", "raw"]

  private func check(_ path: String, checksums: Bool = true) -> Failure? {
    do throws(Failure) { _ = try IndexCheck(path, checksums: checksums) } catch { return error }
    return nil
  }

  /// Whether the sentence names the file, or the one that says where its parts are.
  private func names(_ failure: Failure, _ name: String) -> Bool {
    let others = [
      "cells.bin": "cell_offsets.u64", "rollup_cells.bin": "rollup_offsets.u64",
      "prefix_blob.bin": "prefix_offsets.u64",
    ]
    return failure.sentence.contains(name)
      || others.contains {
        $0.key == name && failure.sentence.contains($0.value)
          || $0.value == name && failure.sentence.contains($0.key)
      }
  }

  @Test(arguments: encodings)
  func goldenAnswersAll(encoding: String) throws {
    let copy = try IndexCopy(encoding)
    let questions = try IndexQuestions(copy.path)
    #expect(questions.refusal == nil)
    // Those of places that there are not.
    #expect(questions.faults < 200)
    #expect(check(copy.path) == nil)
  }

  /// Each field of each header, with the checksum of the header right again.
  @Test(arguments: encodings)
  func headerFields(encoding: String) throws {
    let copy = try IndexCopy(encoding)
    let fields = [
      (0, 8), (8, 2), (10, 1), (11, 1), (12, 4), (16, 8), (24, 8), (32, 8), (40, 8), (48, 8),
    ]
    for name in copy.names {
      for (at, width) in fields {
        for change in [1, -1, 1 << 40, .max] as [Int64] {
          guard var bytes = copy.files[name] else { continue }
          var field = UInt64(0)
          for index in 0..<width { field |= UInt64(bytes[at + index]) << UInt64(8 * index) }
          let mask = width == 8 ? UInt64.max : 1 << UInt64(8 * width) - 1
          let new = change == .max ? mask : (field &+ UInt64(bitPattern: change)) & mask
          if new == field { continue }
          for index in 0..<width {
            bytes[at + index] = UInt8(truncatingIfNeeded: new >> UInt64(8 * index))
          }
          bytes.put(XXH64.hash(bytes.raw.extracting(0..<56)), at: 56)
          try copy.with(name, bytes) { path in
            let failure = check(path)
            #expect(failure?.status == .data, "\(name), byte \(at): \(new)")
            #expect(failure.map { names($0, name) } ?? false, "\(failure?.sentence ?? "")")
            if at != 32 { _ = try IndexQuestions(path) }
          }
        }
      }
    }
  }

  /// Each file cut short at each 64 bytes; then with a header that says so, too.
  @Test(arguments: encodings)
  func truncation(encoding: String) throws {
    let copy = try IndexCopy(encoding)
    for name in copy.names {
      guard let bytes = copy.files[name] else { continue }
      for length in stride(from: 0, to: bytes.count, by: 64) {
        let cut = Array(bytes[..<length])
        try copy.with(name, cut) { path in
          let failure = check(path)
          #expect(failure?.status == .data)
          #expect(failure?.sentence.contains(name) ?? false)
        }
        guard length >= IndexHeader.length, encoding == "packed" || length % 256 == 0 else {
          continue
        }
        var header = try copy.parts(name).header
        header.payloadLength = UInt64(length - IndexHeader.length)
        for directory in [header.directory, header.payloadLength] {
          header.directory = header.directory == 0 ? 0 : directory
          try copy.with(name, header.bytes + cut[IndexHeader.length...]) { path in
            #expect(check(path).map { names($0, name) } ?? false, "\(name), \(length)")
            _ = try IndexQuestions(path)
          }
        }
      }
    }
  }

  /// Bits that are other ones, which readers that do not verify checksums come upon.
  @Test(arguments: encodings)
  func flippedBits(encoding: String) throws {
    let copy = try IndexCopy(encoding)
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    for round in 0..<60 {
      let name = copy.names[round % copy.names.count]
      guard var bytes = copy.files[name], bytes.count > IndexHeader.length else { continue }
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let at = Int.random(in: IndexHeader.length..<bytes.count, using: &random)
        bytes[at] = Bool.random(using: &random) ? .random(in: 0...255, using: &random) : 255
      }
      if bytes == copy.files[name] { continue }
      try copy.with(name, bytes) { path in
        #expect(check(path)?.sentence.contains(name) ?? false, "\(name), seed \(seed)")
        // Without checksums a fault need not be one.
        _ = check(path, checksums: false)
        _ = try IndexQuestions(path)
      }
    }
  }

  /// Ends of subtrees that lead back, around, or out.
  @Test(arguments: encodings)
  func hostileEnds(encoding: String) throws {
    let copy = try IndexCopy(encoding)
    let count = UInt64(try Index(copy.path).count)
    let ends: [(String, (UInt64) -> UInt64)] = [
      ("all at themselves", { $0 }), ("all at 0", { _ in 0 }), ("all at the end", { _ in count }),
      ("all behind it", { _ in count + 1 }), ("far", { _ in .max }), ("back", { $0 &- 1 }),
      ("next", { $0 + 1 }), ("in twos", { min(count, $0 + 2 - $0 % 2) }),
      ("overlapping", { min(count, $0 + 3) }), ("mirrored", { count &- $0 }),
      ("far sometimes", { $0 % 5 == 0 ? count : $0 + 1 }),
    ]
    for (what, end) in ends {
      var payload: [UInt8] = []
      for position in 0..<count { payload.append(littleEndian: end(position)) }
      var header = IndexHeader(.raw, width: 8, count: count)
      if encoding == "packed" {
        // Blocks of 64 bits a value.
        payload = []
        for position in 0..<count { payload.append(littleEndian: end(position) &- position % 128) }
        header = IndexHeader(.rising, count: count, directory: UInt64(payload.count))
        for block in 0..<(count + 127) / 128 {
          payload.append(littleEndian: UInt64(0))
          payload.append(littleEndian: block * 128 | 64 << 40)
        }
      }
      header.payloadLength = UInt64(payload.count)
      header.payloadChecksum = XXH64.hash(payload.raw)
      header.build = try copy.parts("subtree_end.u64").header.build
      try copy.with("subtree_end.u64", header.bytes + payload) { path in
        #expect(check(path)?.sentence.contains("subtree_end.u64") ?? false, "\(what)")
        _ = check(path, checksums: false)
        let questions = try IndexQuestions(path)
        #expect(questions.refusal == nil, "\(what): \(questions.refusal?.sentence ?? "")")
      }
    }
  }

  /// A file cut short under an open reader ends the process with a sentence, not by a signal, and
  /// without its temporaries.
  @Test func cutShortWhileOpen() async {
    let result = await #expect(processExitsWith: .exitCode(74), observing: [\.standardErrorContent])
    {
      let copy = try IndexCopy("raw", name: "cut-short-\(getppid())")
      try Temporaries.shared.add(copy.path)
      for name in try namesInFolder(copy.path) {
        try Temporaries.shared.add("\(copy.path)/\(name)")
      }
      // Longer than a page, behind which nothing is left.
      let bytes = try copy.parts("total_bytes.u64").payload + [UInt8](repeating: 0, count: 1 << 16)
      try copy.write("total_bytes.u64", bytes)
      MappedFile.reportTruncation("test: a file was cut short")
      let folder = try Descriptor.reading(copy.path)
      let file = try MappedFile("total_bytes.u64", in: folder)
      try copy.write("total_bytes.u64", [])
      let sum = file?.withBytes { bytes in
        (0..<bytes.byteCount).reduce(0) { $0 &+ UInt64(bytes.u8(at: $1)) }
      }
      print(sum ?? 0)
    }
    #expect(
      result?.standardErrorContent.elementsEqual("test: a file was cut short\n".utf8) ?? false)
    let folder = FileManager.default.temporaryDirectory.appending(path: "inv-cut-short-\(getpid())")
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }
}
