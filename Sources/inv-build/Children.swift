import Glibc
import InvSystem

/// A program of the family and how it is called.
struct Program: Sendable {
  let name: String
  let path: String
  var arguments: [[UInt8]] = []
  /// Whether it reads what inv-build's standard input has.
  var readsStandardInput = false

  /// The program beside this one, else the one in PATH.
  init(_ name: String) throws(Failure) {
    self.name = name
    guard let path = programPath(name) else {
      throw Failure("cannot find \(name), neither beside inv-build nor in PATH", .system)
    }
    self.path = path
  }

  mutating func add(_ words: String...) { arguments += words.map { Array($0.utf8) } }
}

/// All processes that this one has started.
final class Children: @unchecked Sendable {
  private let monitor = Monitor()
  private var processes: [ChildProcess] = []
  private var isOver = false

  /// Starts a program; `descriptors` become its 0, 1, 2 and the socket to here.
  func start(_ program: Program, _ descriptors: [Int32]) throws(Failure) -> ChildProcess {
    try monitor.withLock { () throws(Failure) in
      // Once the others have been ended this process does not live long either.
      while isOver { monitor.wait() }
      let process = try ChildProcess(
        program.path, [Array(program.name.utf8)] + program.arguments, descriptors: descriptors,
        variables: [(BuildLink.variable, "\(descriptors.count - 1)")])
      processes.append(process)
      return process
    }
  }

  /// Ends all by SIGTERM, so that they remove their temporaries, or in ten seconds by SIGKILL; no
  /// other is started.
  func end() {
    let all = monitor.withLock {
      isOver = true
      return processes
    }
    for process in all { process.send(SIGTERM) }
    for step in 0..<1100 where all.contains(where: { $0.ending == nil }) {
      if step == 1000 { for process in all { process.send(SIGKILL) } }
      pause(milliseconds: 10)
    }
  }
}
