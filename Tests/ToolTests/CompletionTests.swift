import Foundation
import Testing

/// What the tab key makes of prefixes, in real shells: those that are not installed are skipped.
@Suite struct CompletionTests {
  private static let keys = [
    "dt=2024-01-01/h=1/x", "dt=2024-02-02/x", "a b/c d/x", "it's/x", "q\"uote/x", "t:1:2/x",
    "back\\\\slash/x", "é è/x", "-n/x", "glob*[a]/x", "ab;&/x", "z=1:2 3/x",
  ]

  /// What is typed, the quote that zsh and fish leave open, and the operand it becomes.
  private static let lines: [(typed: String, quote: String, operand: String)] = [
    ("dt=2024-01", "", "dt=2024-01-01/"), ("dt=", "", "dt=2024-0"), ("d", "", "dt=2024-0"),
    ("dt\\=2024-01-01/", "", "dt=2024-01-01/h=1/"), ("'dt=2024-01", "'", "dt=2024-01-01/"),
    ("\"dt=2024-01", "\"", "dt=2024-01-01/"), ("a", "", "a"), ("a\\ b/", "", "a b/c d/"),
    ("'a b/", "'", "a b/c d/"), ("\"a b/", "\"", "a b/c d/"), ("it", "", "it's/"),
    ("\"it", "\"", "it's/"), ("q", "", "q\"uote/"), ("t:", "", "t:1:2/"), ("t:1:", "", "t:1:2/"),
    ("b", "", "back\\slash/"), ("é", "", "é è/"), ("glo", "", "glob*[a]/"), ("ab", "", "ab;&/"),
    ("z", "", "z=1:2 3/"), ("z=1:2\\ ", "", "z=1:2 3/"), ("nothing", "", "nothing"),
    ("t:1:2/ z=1", "", "t:1:2/><z=1:2 3/"), ("-c 1 z", "", "-c><1><z=1:2 3/"),
    ("--where class=ST z", "", "--where><class=ST><z=1:2 3/"), ("--where z", "", "--where><z"),
    ("--format=js", "", "--format=json"), ("-- -n", "", "--><-n/"),
  ]

  private static let setups: [String: [String]] = [
    "bash": ["bind 'set enable-bracketed-paste off'", ". ./completion"],
    "zsh": [
      "fpath=($PWD $fpath)", "autoload -U compinit; compinit -u -d $PWD/dump", "bindkey -e",
    ],
    "fish": [". ./completion"],
  ]

  @Test(.enabled(if: isInstalled("bash") && isInstalled("python3"), "bash is not installed"))
  func bash() throws { try check("bash") }

  @Test(.enabled(if: isInstalled("zsh") && isInstalled("python3"), "zsh is not installed"))
  func zsh() throws { try check("zsh") }

  @Test(.enabled(if: isInstalled("fish") && isInstalled("python3"), "fish is not installed"))
  func fish() throws { try check("fish") }

  private static func isInstalled(_ shell: String) -> Bool {
    ["/bin", "/usr/bin", "/usr/local/bin"].contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(shell)")
    }
  }

  private func check(_ shell: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "inv-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let rows = Self.keys.map { $0 + "\tcurrent\t1\tSTANDARD\t-\n" }.joined()
    // What is no folder of the index is no operand of it either.
    let make = """
      mkdir out2 && "$TOOLS/objects" | inv-agg -o runs && inv-merge runs | inv-mkindex out
      inv-query --print=\(shell) | tee completion >_inv-query
      """
    #expect(try said(by: ["bash", "-ec", make], in: folder, rows) == "")
    let typed = Self.lines.map { line in
      "inv-query out \(line.typed)"
        + (shell == "bash" || line.quote.isEmpty ? "" : "\t\(line.quote)")
    }
    let tab = ["python3", "\(Self.tools)/tab.py", shell] + (Self.setups[shell] ?? [])
    let became = try said(by: tab, in: folder, typed.joined(separator: "\n") + "\n")
    #expect(
      became.split(separator: "\n") == Self.lines.map { "<inv-query><out><\($0.operand)>" })
  }

  private static let tools =
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "tools").path

  /// Standard output and error of a command that reads `input` and finds the tools that were built.
  private func said(by command: [String], in folder: URL, _ input: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    let built = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    environment["PATH"] = "\(built.path):\(environment["PATH"] ?? "")"
    environment["TOOLS"] = Self.tools
    environment["LC_ALL"] = "C.UTF-8"
    process.environment = environment
    let file = folder.appending(path: "input")
    try Data(input.utf8).write(to: file)
    process.standardInput = try FileHandle(forReadingFrom: file)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: said, as: UTF8.self)
  }
}
