import Foundation
import InvBytes
import InvFormat
import InvSystem
import Testing

extension BadStream: CustomTestStringConvertible {
  var testDescription: String { name }
}

/// Each rule of inv-rows(5) has a stream that breaks it, kept in Tests/golden/bad.
@Suite struct BadStreamTests {
  @Test func takingApartAndPuttingTogetherChangesNothing() throws {
    for name in ["files", "objects", "prefixes", "prefixes-empty", "compressed"] {
      let stream = try goldenBytes("rows/\(name).rows")
      #expect(RawStream(stream).bytes == stream)
    }
    var raw = RawStream(try goldenBytes("rows/objects.rows"))
    raw["B"].sections = raw["B"].sections
    #expect(raw.bytes == (try goldenBytes("rows/objects.rows")))
  }

  @Test(arguments: BadStream.all)
  func faultIsNamed(bad: BadStream) throws {
    var raw = RawStream(try goldenBytes("rows/\(bad.base).rows"))
    bad.breaking(&raw)
    let stream = raw.bytes
    let url = golden.appending(path: "bad/\(bad.name).rows")
    if isBlessing { try Data(stream).write(to: url) }
    #expect(stream == [UInt8](try Data(contentsOf: url)), "bless \(bad.name)?")
    for isPipe in [false, true] {
      let failure = try fault(stream, asPipe: isPipe)
      #expect(failure?.sentence.hasSuffix(bad.fault) ?? false, "\(failure?.sentence ?? "no fault")")
      #expect(failure?.status == .data)
    }
    // Printing need not find every fault, but must end.
    _ = try text(stream)
    _ = try text(stream, .json)
  }

  @Test func everyBadFileIsOneOfThese() throws {
    let names = try FileManager.default.contentsOfDirectory(
      atPath: golden.appending(path: "bad").path)
    #expect(Set(names) == Set(BadStream.all.map { "\($0.name).rows" }))
    #expect(Set(names).count == BadStream.all.count)
  }
}
