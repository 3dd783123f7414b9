import Testing

@testable import InvFormat

@Suite struct MakersTests {
  private func maker(_ files: Range<Int>, tool: String = "inv-parse 0.1") -> Fields {
    var maker = Fields(maker: tool, command: [[0x61], [0x0a]])
    for file in files { maker.add("file", "data/\(file).csv.gz", "7") }
    return maker
  }

  private func lines(_ makers: Makers) throws -> [String] {
    try makers.payloads.flatMap { try Fields(decoding: $0).lines }.map { line in
      ([line.name] + line.parts.map { String(decoding: $0, as: UTF8.self) }).joined(separator: "|")
    }
  }

  @Test func sameFrameOnce() throws {
    var makers = Makers()
    makers.add(maker(0..<2))
    makers.add(maker(0..<3))
    makers.add(maker(0..<2))
    #expect(makers.payloads == [maker(0..<2).encoded, maker(0..<3).encoded])
  }

  @Test func whatThereIsNoRoomFor() throws {
    var makers = Makers(limit: maker(0..<5).encoded.count)
    makers.add(maker(0..<8))
    makers.add(maker(8..<9))
    let expected = try Fields(decoding: maker(0..<5).encoded)
    #expect(try Fields(decoding: makers.payloads[0]) == expected)
    #expect(try lines(makers).last == "left-out|6")
    // The next program adds up.
    var next = Makers()
    for payload in makers.payloads { next.add(try Fields(decoding: payload)) }
    for payload in makers.payloads { next.add(try Fields(decoding: payload)) }
    #expect(next.payloads.count == 2)
    #expect(try lines(next).last == "left-out|12")
  }

  @Test func longFramesAreCut() throws {
    var makers = Makers()
    makers.add(maker(0..<100_000))
    #expect(makers.payloads.count == 3)
    #expect(makers.payloads.allSatisfy { $0.count <= Makers.frameLimit })
    #expect(makers.payloads.reduce([], +) == maker(0..<100_000).encoded)
    makers.add(maker(0..<200_000))
    #expect(makers.payloads.reduce(0) { $0 + $1.count } <= Makers.limit + 20)
    #expect(try lines(makers).last?.hasPrefix("left-out|") == true)
  }
}
