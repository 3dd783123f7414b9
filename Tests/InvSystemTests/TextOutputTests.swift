import Glibc
import InvSystem
import Testing

@Suite struct TextOutputTests {
  @Test func everyByteArrivesInOrder() throws {
    var ends: [Int32] = [0, 0]
    #expect(unsafe pipe(&ends) == 0)
    var output = TextOutput(Descriptor(ends[1], name: "pipe"))
    try output.write("a\u{e9}\n")
    try output.write([0xff, 0x00])
    try output.finish()
    let reader = Descriptor(ends[0], name: "pipe")
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = unsafe try bytes.withUnsafeMutableBytes { unsafe try reader.read(into: $0) }
    #expect(bytes[..<count] == [0x61, 0xc3, 0xa9, 0x0a, 0xff, 0x00])
  }

  @Test func aFullDiskIsReportedAtTheLatestByFinish() throws {
    let number = unsafe open("/dev/full", O_WRONLY)
    var output = TextOutput(Descriptor(number, name: "/dev/full"))
    try output.write("lost\n")
    var failure: Failure?
    do throws(Failure) { try output.finish() } catch { failure = error }
    #expect(failure?.sentence == "cannot write /dev/full: No space left on device")
    #expect(failure?.status == .system)
  }

  @Test func muchIsWrittenBeforeTheEnd() throws {
    let number = unsafe open("/dev/full", O_WRONLY)
    var output = TextOutput(Descriptor(number, name: "/dev/full"))
    var failure: Failure?
    do throws(Failure) {
      for _ in 0..<100_000 { try output.write("many\n") }
    } catch { failure = error }
    #expect(failure?.status == .system)
  }

  @Test func aReaderThatHasGoneIsABrokenPipe() throws {
    ignore(SIGPIPE)
    var ends: [Int32] = [0, 0]
    #expect(unsafe pipe(&ends) == 0)
    close(ends[0])
    var output = TextOutput(Descriptor(ends[1], name: "pipe"))
    try output.write("unread\n")
    var failure: Failure?
    do throws(Failure) { try output.finish() } catch { failure = error }
    #expect(failure?.teller == .brokenPipe)
  }

  @Test func onlyATerminalHasColumns() throws {
    #expect(try Descriptor.reading("/dev/null").columns == nil)
    var (ours, theirs): (Int32, Int32) = (0, 0)
    var size = winsize(ws_row: 50, ws_col: 132, ws_xpixel: 0, ws_ypixel: 0)
    #expect(unsafe openpty(&ours, &theirs, nil, nil, &size) == 0)
    let other = Descriptor(ours, name: "its other end")
    let output = TextOutput(Descriptor(theirs, name: "terminal"))
    #expect(output.isTerminal && output.columns == 132)
    #expect(other.number == ours)
  }
}
