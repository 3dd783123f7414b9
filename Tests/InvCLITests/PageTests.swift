import Foundation
import Testing

@testable import InvCLI

@Suite struct PageTests {
  private let table = Sample.command().table

  @Test func helpIsExactlyThis() {
    #expect(
      table.text(of: .help) == """
        usage: inv-agg [OPTION]... [FILE]...
        sum sorted rows into one row per prefix

          -o, --output FILE         write to FILE instead of standard output
              --memory SIZE         use at most SIZE of memory (default: half of all)
          -j, --threads N           use N threads (default: all cores)
              --order ORDER         emit rows in ORDER
          -T, --temporary-folder FOLDER
                                    keep it's [runs] in FOLDER
          -x, --exclude GLOB        leave out what matches GLOB, or GLOB
          -b, --below PREFIX        only what is below PREFIX
              --max-bad N           set up to N bad rows aside (default: 0)
              --keep-going          set bad rows aside, however many there are
              --force               replace what is already there
          -v, --verbose             end with a line of counts, time and memory
              --help                show this help and leave
              --version             show the versions of program and formats

        see inv-agg(1) for more: man inv-agg

        """)
  }

  @Test func versionNamesTheFormats() {
    #expect(table.text(of: .version) == "inv-agg 0.1 (rows 1, index 1)\n")
  }

  @Test func aToolWithoutOperandsShowsNone() {
    let table = Sample.command("").table
    #expect(table.usage == "usage: inv-agg [OPTION]...")
    #expect(!table.zsh.contains("operand"))
    #expect(table.fish.contains("complete -c inv-agg -f\n"))
    #expect(table.bash.hasSuffix("-- \"$word\")\n  fi\n}\ncomplete -F _inv_agg inv-agg\n"))
  }

  @Test func theListOfTheManPage() {
    let text = table.text(of: .man)
    #expect(
      text.hasPrefix(
        """
        .Bl -tag -width Ds
        .It Fl o Ar FILE , Fl -output Ns = Ns Ar FILE
        Write to
        .Ar FILE
        instead of standard output.
        .It Fl -memory Ns = Ns Ar SIZE
        Use at most
        .Ar SIZE
        of memory (default: half of all).

        """))
    #expect(text.contains("\nLeave out what matches\n.Ar GLOB ,\nor\n.Ar GLOB .\n"))
    #expect(text.hasSuffix("\nShow the versions of program and formats.\n.El\n"))
    #expect(!text.contains("print"))
  }

  @Test func theListEscapesWhatRoffWouldTake() {
    let command = Command<Int>(
      "t", summary: "t", defaults: 0,
      options: [.flag("a", nil, "like --b or \\n .dot 'quote") { _ in }])
    #expect(
      command.table.manual.contains("\nLike \\-\\-b or \\en \\&.dot \\&'quote.\n"))
  }

  @Test func theCompletionForZsh() {
    let lines = table.text(of: .zsh).split(separator: "\n")
    #expect(
      lines.prefix(3) == [
        "#compdef inv-agg", "# made by: inv-agg --print=zsh",
        "_arguments -s -S \\",
      ])
    for line in [
      "'*'{-o+,--output=}'[write to FILE instead of standard output]:FILE:_files' \\",
      "'*--memory=[use at most SIZE of memory (default\\: half of all)]:SIZE: ' \\",
      "'*--order=[emit rows in ORDER]:ORDER:(key size)' \\",
      "'*'{-T+,--temporary-folder=}'[keep it'\\''s \\[runs\\] in FOLDER]:FOLDER:_files -/' \\",
      "'*'{-v,--verbose}'[end with a line of counts, time and memory]' \\",
      "'*--force[replace what is already there]' \\",
    ] {
      #expect(lines.contains("  " + line))
    }
    #expect(lines.last == "  '*:operand:_files'")
  }

  @Test func theCompletionForFish() {
    let lines = table.text(of: .fish).split(separator: "\n")
    for line in [
      "-s o -l output -r -F -d 'write to FILE instead of standard output'",
      "-l memory -r -f -d 'use at most SIZE of memory (default: half of all)'",
      "-l order -r -f -a 'key size' -d 'emit rows in ORDER'",
      "-s T -l temporary-folder -r -f -a '(__fish_complete_directories)'"
        + " -d 'keep it\\'s [runs] in FOLDER'",
      "-l force -d 'replace what is already there'",
    ] {
      #expect(lines.contains("complete -c inv-agg " + line))
    }
    #expect(lines.count == 14)
  }

  @Test func theCompletionForBash() {
    let text = table.text(of: .bash)
    #expect(
      text.hasPrefix(
        """
        # made by: inv-agg --print=bash
        _inv_agg() {
          local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
          if [[ $word == = ]]; then
            word=
          elif [[ $before == = ]]; then
            before=${COMP_WORDS[COMP_CWORD-2]}
          fi
          COMPREPLY=()
          case $before in
            -o|--output) compopt -o filenames; \
        mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
            --memory) return ;;

        """))
    #expect(text.hasSuffix("\n}\ncomplete -F _inv_agg inv-agg\n"))
  }

  @Test(arguments: ["", "[FILE]..."]) func bashAcceptsTheCompletion(operands: String) throws {
    #expect(try bash(["-n"], Sample.command(operands).table.bash) == "")
  }

  @Test(arguments: [
    ("--order s", "size"), ("--order = s", "size"), ("--order =", "key size"),
    ("--me", "--memory"), ("-T /us", "/usr"), ("--threads 1", ""),
  ])
  func bashOffers(line: String, offer: String) throws {
    let words = line.split(separator: " ")
    let script = """
      \(table.bash)
      compopt() { :; }
      COMP_WORDS=(inv-agg \(line)) COMP_CWORD=\(words.count)
      _inv_agg
      echo "${COMPREPLY[@]}"
      """
    #expect(try bash([], script) == offer + "\n")
  }

  /// What bash says to a script, on both outputs.
  private func bash(_ options: [String], _ script: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = options + ["-c", script]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: said, as: UTF8.self)
  }
}
