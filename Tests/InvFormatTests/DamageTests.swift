import InvFormat
import InvSystem
import Testing

/// No cut and no flipped bit goes unnoticed, crashes, or yields rows that were not there.
@Suite struct DamageTests {
  static let names = ["files", "objects", "prefixes", "compressed", "objects-empty"]

  @Test(arguments: names)
  func truncation(name: String) throws {
    let stream = try goldenBytes("rows/\(name).rows")
    let rows = try text(stream, rowsOnly: true).bytes
    for length in 0..<stream.count {
      let cut = Array(stream[..<length])
      // One reads a pipe, the other a file, whose length it can see.
      #expect(try fault(cut, asPipe: true)?.status == .data, "cut at \(length)")
      let (printed, failure) = try text(cut, rowsOnly: true)
      #expect(failure != nil && rows.starts(with: printed), "cut at \(length)")
    }
  }

  @Test(arguments: names)
  func flippedBits(name: String) throws {
    let stream = try goldenBytes("rows/\(name).rows")
    let rows = try text(stream, rowsOnly: true).bytes
    for place in stream.indices {
      var damaged = stream
      damaged[place] ^= 1 << UInt8(place % 8)
      #expect(try fault(damaged)?.status == .data, "bit flipped at \(place)")
      damaged = stream
      damaged[place] ^= 0x80 >> UInt8(place % 8)
      let (printed, failure) = try text(damaged, rowsOnly: true)
      #expect(failure != nil && rows.starts(with: printed), "bit flipped at \(place)")
    }
  }

  @Test(arguments: names)
  func bytesBehindTheEnd(name: String) throws {
    let stream = try goldenBytes("rows/\(name).rows") + [0]
    let sentence = "stream: byte \(stream.count - 1): there are bytes after the footer"
    #expect(try fault(stream)?.sentence == sentence)
    #expect(try fault(stream, asPipe: true)?.sentence == sentence)
  }
}
