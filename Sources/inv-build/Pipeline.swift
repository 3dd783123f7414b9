import Glibc
import InvCLI
import InvSystem

/// Programs that run at once, each reading what the one before it writes.
final class Pipeline: @unchecked Sendable {
  /// A program that has been started.
  struct Part {
    let program: Program
    let process: ChildProcess
    /// What it has said on standard error, and whether that is all.
    var text: [UInt8] = []
    var isSilent = false
    var isOver = false
    /// Whether it was we who ended it, because a later one had failed.
    var isEnded = false
  }

  private let monitor = Monitor()
  private var parts: [Part] = []
  private var progress: (done: UInt64, total: UInt64, rows: UInt64)?
  private var isNews = false

  /// Starts the programs; the first reads what this one's standard input has, if that is asked for.
  init(_ programs: [Program], _ children: Children) throws(Failure) {
    var input = try programs[0].readsStandardInput ? Pipe.standardInput() : Pipe.null()
    for (place, program) in programs.enumerated() {
      let output = try place == programs.count - 1 ? Pipe.null() : Pipe()
      let (errors, link) = (try Pipe(), try Pipe(isSocket: true))
      let process = try children.start(
        program, [input.reading, output.writing, errors.writing, link.writing])
      monitor.withLock { parts.append(Part(program: program, process: process)) }
      for pipe in [output, errors, link] { pipe.closeWriting() }
      input = output
      let messages = errors.takeReading(name: "what \(program.name) says")
      let socket = link.takeReading(name: "the progress of \(program.name)")
      try follow(place, process, messages, socket)
    }
  }

  private func follow(
    _ place: Int, _ process: ChildProcess, _ messages: consuming Descriptor,
    _ socket: consuming Descriptor
  ) throws(Failure) {
    let (errors, link) = (Box(messages), Box(socket))
    _ = try Thread { [self] in
      while let piece = try? errors.descriptor.piece(upTo: 4096), !piece.isEmpty {
        monitor.withLock { parts[place].text += piece }
      }
      monitor.withLock { parts[place].isSilent = true }
    }
    _ = try Thread { [self] in
      process.wait()
      // What else may hold its standard error is not waited for.
      for _ in 0..<1000 where !monitor.withLock({ parts[place].isSilent }) {
        pause(milliseconds: 1)
      }
      monitor.withLock {
        parts[place].isOver = true
        isNews = true
        monitor.wake()
      }
    }
    _ = try Thread { [self] in
      var rest: [UInt8] = []
      while let piece = try? link.descriptor.piece(upTo: 256), !piece.isEmpty {
        rest += piece
        while let end = rest.firstIndex(of: 0x0a) {
          hear(rest[..<end])
          rest.removeFirst(end + 1)
        }
        if rest.count > 256 { rest = [] }
      }
    }
  }

  /// A line of a program about its progress: done, total and rows.
  private func hear(_ line: ArraySlice<UInt8>) {
    let numbers = line.split(separator: 0x20).compactMap {
      UInt64(String(decoding: $0, as: UTF8.self))
    }
    guard numbers.count == 3 else { return }
    monitor.withLock {
      progress = (numbers[0], numbers[1], numbers[2])
      isNews = true
      monitor.wake()
    }
  }

  /// Waits until all programs have ended, and shows their progress.
  func run(label: String) -> [Part] {
    var bar = ProgressBar(label: label)
    while true {
      let (parts, progress) = monitor.withLock {
        while !isNews { monitor.wait() }
        isNews = false
        return (self.parts, self.progress)
      }
      if parts.allSatisfy(\.isOver) { return parts }
      if let progress {
        bar.update(done: progress.done, total: progress.total, rows: progress.rows)
      }
      if let last = parts.lastIndex(where: \.hasFailed) { endThose(before: last) }
    }
  }

  /// Ends the programs whose output nobody reads any more; most see that by themselves.
  private func endThose(before last: Int) {
    func areOver() -> Bool { monitor.withLock { parts[..<last].allSatisfy(\.isOver) } }
    for _ in 0..<200 where !areOver() { pause(milliseconds: 10) }
    monitor.withLock {
      for place in 0..<last where !parts[place].isOver && !parts[place].isEnded {
        parts[place].isEnded = true
        parts[place].process.send(SIGTERM)
      }
    }
  }
}

/// Lets a thread have a descriptor.
private final class Box: Sendable {
  let descriptor: Descriptor
  init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
}

extension Pipeline.Part {
  /// The lines that it has said.
  var lines: [String] {
    text.split(separator: 0x0a).map { String(decoding: $0, as: UTF8.self) }
  }

  var hasFailed: Bool { isOver && process.ending != .status(0) }

  /// Whether it has failed for a reason of its own.
  var isCause: Bool { hasFailed && !isEnded && process.ending != .signal(SIGPIPE) }

  /// The place of its last words among its lines, and these without its name.
  private var lastWords: (place: Int, sentence: String)? {
    let start = program.name + ": "
    guard let place = lines.lastIndex(where: { $0.hasPrefix(start) }) else { return nil }
    return (place, String(lines[place].dropFirst(start.count)))
  }

  /// Whether an earlier program has failed and this one says no more than that.
  var isAfterAnother: Bool { lastWords?.sentence == "nothing written: its input failed" }

  /// What it has said before its last words.
  var remarks: [String] { Array(lines[..<(lastWords?.place ?? lines.count)]) }

  /// Whether it says that data is bad, or that rows were set aside.
  var hasRefusedData: Bool { process.ending == .status(ExitStatus.data.rawValue) }

  /// Why it has failed.
  var failure: Failure {
    switch process.ending {
    case .signal(let signal):
      let isFault = [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP].contains(signal)
      return Failure(
        "\(program.name) was ended by signal \(signal) (\(signalText(signal)))",
        isFault ? .fault : .system)
    case .status(let status):
      let sentence = lastWords?.sentence ?? "\(program.name) has failed with status \(status)"
      return Failure(sentence, ExitStatus(rawValue: status) ?? .fault)
    case nil:
      return Failure("\(program.name) has no end", .fault)
    }
  }
}
