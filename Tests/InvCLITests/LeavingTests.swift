import Glibc
import InvSystem
import Testing

@testable import InvCLI

@Suite struct LeavingTests {
  private let table = Sample.command().table

  @Test func wrongUseIsThreeLines() {
    #expect(
      table.lastWords(of: .usage("unknown option '-q'")) == """
        inv-agg: unknown option '-q'
        usage: inv-agg [OPTION]... [FILE]...
        try 'inv-agg --help'

        """)
  }

  @Test func anotherFailureIsOneLine() {
    #expect(
      table.lastWords(of: .data("run\n3: \u{1b}[2J\u{9b}2J a\\nb \u{e9}"))
        == "inv-agg: run\\n3: \\x1b[2J\\xc2\\x9b2J a\\nb \u{e9}\n")
  }

  @Test func whatWasSaidUpstreamIsNotSaidAgain() {
    #expect(table.lastWords(of: Failure("", .data, teller: .upstream)) == "")
    #expect(
      table.lastWords(of: Failure("x went first", .data, teller: .upstream))
        == "inv-agg: x went first\n")
  }

  @Test func wrongUseOfAnotherProgramIsOneLine() {
    let failure = Failure("inv-fetch: s3:// is not supported", .usage, teller: .upstream)
    #expect(table.lastWords(of: failure) == "inv-agg: inv-fetch: s3:// is not supported\n")
    #expect(
      table.lastWords(of: failure.afterUpstream)
        == "inv-agg: nothing written: its input failed\n")
  }

  @Test func theStatusIsTheFailures() async {
    let result = await #expect(
      processExitsWith: .exitCode(65), observing: [\.standardErrorContent]
    ) {
      Sample.command().leave(because: .data("bad row"))
    }
    #expect(
      result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) }
        == "inv-agg: bad row\n")
  }

  @Test func aBrokenPipeIsDiedOfInSilenceAfterTidyingUp() async throws {
    let result = await #expect(
      processExitsWith: .signal(SIGPIPE),
      observing: [\.standardErrorContent, \.standardOutputContent]
    ) {
      let path = "/tmp/inv-cli-test-\(Machine.randomWord)"
      // The parent learns the name from standard output.
      try Descriptor.standardOutput.write(Array(path.utf8))
      try Temporaries.shared.add(path)
      try Descriptor.creating(path).close()
      ignore(SIGPIPE)
      Sample.command().leave(because: .system("write", "standard output", EPIPE))
    }
    // The testing library puts a mark of its own on standard error.
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(!said.contains("inv-agg") && !said.contains("pipe"))
    let path = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
    #expect(path.hasPrefix("/tmp/inv-cli-test-") && path.utf8.allSatisfy { $0 < 0x80 })
    #expect(try FileStatus.of(path) == nil)
  }

  @Test func aTerminalIsRefused() throws {
    var ends: (Int32, Int32) = (0, 0)
    #expect(unsafe openpty(&ends.0, &ends.1, nil, nil, nil) == 0)
    let master = Descriptor(ends.0, name: "master")
    let terminal = Descriptor(ends.1, name: "standard output")
    var failure: Failure?
    do throws(Failure) { try refuseTerminal(terminal) } catch { failure = error }
    #expect(
      failure == .usage("standard output is a terminal; binary rows are not written there"))
    try refuseTerminal(Descriptor.reading("/dev/null"))
    _ = master.number
  }
}
