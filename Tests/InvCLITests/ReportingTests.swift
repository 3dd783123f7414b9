import Glibc
import InvSystem
import Testing

@testable import InvCLI

@Suite struct ReportingTests {
  @Test func theClosingLine() {
    var summary = Summary()
    summary.rows = 10_000_000
    summary.bytes = 393_200_000
    #expect(
      summary.line(seconds: 2.314, processor: 2.05, peak: 212_300_000)
        == "10000000 rows, 393.2 MB, 2.31 s, 2.05 s CPU, 212 MB peak")
    summary.rows = nil
    summary.counts = [(4, "runs"), (0, "retries")]
    #expect(
      summary.line(seconds: 0, processor: 0, peak: 0)
        == "393.2 MB, 0.00 s, 0.00 s CPU, 0 B peak, 4 runs, 0 retries")
  }

  @Test func theClockHasStarted() {
    #expect(Summary().line.hasPrefix("0.0"))
  }

  @Test(arguments: [
    (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1049, "1.0 kB"), (1050, "1.1 kB"),
    (999_949, "999.9 kB"), (999_950, "1.0 MB"), (1_500_000_000, "1.5 GB"),
    (UInt64.max, "18.4 EB"),
  ])
  func sizesForPeople(bytes: UInt64, text: String) {
    #expect(humanBytes(bytes, places: 1) == text)
  }

  @Test func wholeSizesRoundUpIntoTheNextUnit() {
    #expect(humanBytes(999_499, places: 0) == "999 kB")
    #expect(humanBytes(999_500, places: 0) == "1 MB")
  }

  @Test func theBar() {
    let empty = String(repeating: ".", count: 40)
    let full = String(repeating: "#", count: 40)
    #expect(ProgressBar.bar(0) == "[\(empty)]   0 %")
    #expect(ProgressBar.bar(0.255) == "[##########\(empty.dropFirst(10))]  25 %")
    #expect(ProgressBar.bar(1) == "[\(full)] 100 %")
  }

  @Test(arguments: [
    (0.5, 0, 0.9, ""), (0, 5, 10, ""), (0.5, 0, 10, " 0:10 left"),
    (0.25, 1_234_567, 1, " 1.2 M rows/s 0:03 left"), (0.5, 5000, 2, " 3 k rows/s 0:02 left"),
    (0.01, 0, 100, " 2:45:00 left"), (0.000001, 0, 1e9, " 99:59:59 left"),
  ])
  func paceAndTimeLeft(share: Double, rows: UInt64, seconds: Double, text: String) {
    #expect(ProgressBar.pace(share, rows: rows, seconds: seconds) == text)
  }

  @Test func whereNoTotalIsKnownTheRowsAreCounted() {
    #expect(ProgressBar.count(12, seconds: 0.5) == "12 rows")
    #expect(ProgressBar.count(90_000, seconds: 2) == "90000 rows 45 k rows/s")
  }

  @Test func aBarThatHasHadATotalStays() throws {
    var ends: (Int32, Int32) = (0, 0)
    #expect(unsafe openpty(&ends.0, &ends.1, nil, nil, nil) == 0)
    let master = Descriptor(ends.0, name: "master")
    do {
      var bar = ProgressBar(on: Descriptor(ends.1, name: "terminal"))
      bar.update(done: 1, total: 10)
      pause(milliseconds: 110)
      bar.update(done: 0, total: 0, rows: 7)
    }
    let expected = "\r\(ProgressBar.bar(0.1))\u{1b}[K\r\u{1b}[K"
    var text: [UInt8] = []
    while text.count < expected.utf8.count {
      let piece = try master.piece(upTo: 4096)
      if piece.isEmpty { break }
      text += piece
    }
    #expect(String(decoding: text, as: UTF8.self) == expected)
  }

  @Test func theBarIsDrawnOnATerminalOnceInATenthAndCleared() throws {
    var ends: (Int32, Int32) = (0, 0)
    #expect(unsafe openpty(&ends.0, &ends.1, nil, nil, nil) == 0)
    let master = Descriptor(ends.0, name: "master")
    do {
      var bar = ProgressBar(on: Descriptor(ends.1, name: "terminal"))
      bar.update(done: 1, total: 0)
      for done in 1...20 { bar.update(done: UInt64(done), total: 10) }
    }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe try bytes.withUnsafeMutableBytes { unsafe try master.read(into: $0) }
    #expect(
      String(decoding: bytes[..<count], as: UTF8.self)
        == "\r\(ProgressBar.bar(0.1))\u{1b}[K\r\u{1b}[K")
  }

  @Test func theBarIsNotDrawnElsewhere() throws {
    var ends: [Int32] = [0, 0]
    #expect(unsafe pipe(&ends) == 0)
    do {
      var bar = ProgressBar(on: Descriptor(ends[1], name: "pipe"))
      bar.update(done: 1, total: 2)
    }
    let reader = Descriptor(ends[0], name: "pipe")
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = unsafe try bytes.withUnsafeMutableBytes { unsafe try reader.read(into: $0) }
    #expect(count == 0)
  }
}
