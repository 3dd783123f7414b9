import Glibc
import InvSystem
import Testing

@Suite struct ChildProcessTests {
  /// Runs a line of sh(1) with `input`; what it writes, and how it ends.
  private func run(
    _ line: String, input: [UInt8] = [], variables: [(name: String, value: String)] = []
  ) throws -> (output: String, ending: ChildProcess.Ending?) {
    let (first, second, null) = (try Pipe(), try Pipe(), try Pipe.null())
    let process = try ChildProcess(
      "/bin/sh", ["sh", "-c", line].map { Array($0.utf8) },
      descriptors: [first.reading, second.writing, null.writing], variables: variables)
    first.closeReading()
    second.closeWriting()
    let writer = Descriptor(first.writing, name: "the pipe", owned: false)
    try writer.write(input)
    first.closeWriting()
    let output = try second.takeReading(name: "the pipe").contents(limit: 1 << 20)
    process.wait()
    process.send(SIGKILL)
    return (String(decoding: output, as: UTF8.self), process.ending)
  }

  @Test func inputOutputAndStatus() throws {
    let result = try run("cat; exit 7", input: Array("through\n".utf8))
    #expect(result.output == "through\n")
    #expect(result.ending == .status(7))
  }

  @Test func endedByASignal() throws {
    #expect(try run("kill -KILL $$").ending == .signal(SIGKILL))
  }

  @Test func signalsAreAsUsual() throws {
    ignore(SIGPIPE)
    ignore(SIGXFSZ)
    // Ignored and blocked signals as proc(5) shows them, but for those that the runner may ignore.
    let result = try run("grep -E '^Sig(Blk|Ign)' /proc/self/status | cut -f 2")
    let masks = result.output.split(separator: "\n").compactMap { UInt64($0, radix: 16) }
    #expect(masks.count == 2)
    #expect(masks.first == 0)
    for signal in [SIGPIPE, SIGXFSZ] { #expect(masks.last.map { $0 >> (signal - 1) & 1 } == 0) }
  }

  @Test func itHasNoOtherDescriptors() throws {
    let other = try Pipe()
    let numbers = try run("ls /proc/self/fd").output.split(separator: "\n")
    #expect(!numbers.contains("\(other.reading)") && !numbers.contains("\(other.writing)"))
  }

  @Test func variablesComeOnTopOfOurs() throws {
    let result = try run("echo $PATH; echo $INV_TEST", variables: [("INV_TEST", "a b")])
    #expect(result.output == "\(Machine.environment("PATH") ?? "")\na b\n")
  }

  @Test func aProgramThatIsNotThere() throws {
    let null = try Pipe.null()
    #expect(throws: Failure("cannot start /no/such: No such file or directory", .system)) {
      try ChildProcess("/no/such", [[0x61]], descriptors: [null.reading])
    }
    #expect(programPath("no-such-program") == nil)
    #expect(programPath("sh") != nil)
  }
}
