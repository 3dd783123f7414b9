import InvSystem
import Testing

@testable import InvCLI

@Suite struct ParsingTests {
  /// The settings and operands of a command line of plain words.
  private func parsed(_ line: String, _ operands: String = "[FILE]...") throws
    -> (Sample, [String])
  {
    let words = line.split(separator: " ").map { Array($0.utf8) }
    guard case .run(let sample, let rest) = try Sample.command(operands).parse(words) else {
      throw Failure.usage("a page")
    }
    return (sample, rest.map(\.text))
  }

  private func complaint(_ line: String, _ operands: String = "[FILE]...") -> String? {
    complaint(line.split(separator: " ").map { Array($0.utf8) }, operands)
  }

  private func complaint(_ words: [[UInt8]], _ operands: String = "[FILE]...") -> String? {
    do throws(Failure) {
      _ = try Sample.command(operands).parse(words)
      return nil
    } catch {
      #expect(error.status == .usage)
      return error.sentence
    }
  }

  @Test func nothingGivenMeansTheDefaults() throws {
    let (sample, operands) = try parsed("")
    #expect(sample == Sample())
    #expect(operands == [])
  }

  @Test(arguments: ["-ofile", "-o file", "--output=file", "--output file", "-vofile", "-vo file"])
  func aValueMayBeAttachedOrFollow(line: String) throws {
    let (sample, operands) = try parsed(line)
    #expect(sample.output == "file")
    #expect(operands == [])
    #expect(sample.isVerbose == line.hasPrefix("-v"))
  }

  @Test func aValueMayLookLikeAnOption() throws {
    #expect(try parsed("-o -v").0.output == "-v")
    #expect(try parsed("--output --force").0.output == "--force")
    #expect(try parsed("-o=x").0.output == "=x")
    #expect(try parsed("--output=a=b").0.output == "a=b")
  }

  @Test func optionsMayFollowOperandsUntilTwoHyphens() throws {
    let (sample, operands) = try parsed("a -v - b -- -o --bogus --")
    #expect(sample.isVerbose && sample.output == nil)
    #expect(operands == ["a", "-", "b", "-o", "--bogus", "--"])
  }

  @Test func theLastScalarWinsAndLettersGather() throws {
    let (sample, _) = try parsed("-oa --output=b -j3 -j 4 -xp -x q --exclude=r")
    #expect(sample.output == "b")
    #expect(sample.threads == 4)
    #expect(sample.excluded == ["p", "q", "r"])
  }

  @Test func sharedOptionsSetWhatTheyName() throws {
    let (sample, _) = try parsed("--memory 1G --max-bad 7 --keep-going --force --order size -T t")
    #expect(sample.memory == 1 << 30)
    #expect(sample.maxBad == 7)
    #expect(sample.isKeepingGoing && sample.isForced)
    #expect(sample.order == .size)
    #expect(sample.folder == "t")
  }

  @Test func namesKeepBytesThatAreNotText() throws {
    let words: [[UInt8]] = [
      Array("-b".utf8), [0xff, 0x2f], [0xfe], Array("--below=".utf8) + [0x80],
    ]
    guard case .run(let sample, let operands) = try Sample.command().parse(words) else { return }
    #expect(sample.below == [0x80])
    #expect(operands == [Operand(bytes: [0xfe])])
    #expect(operands[0].text == "\u{fffd}")
    #expect(throws: Failure.usage("file name '\\xfe' is not UTF-8")) { try operands[0].path() }
    guard case .run(let empty, _) = try Sample.command().parse([words[0], []]) else { return }
    #expect(empty.below == [])
  }

  @Test(arguments: [
    ("--outptu", "unknown option '--outptu'; did you mean '--output'?"),
    ("--helpp", "unknown option '--helpp'; did you mean '--help'?"),
    ("--out", "unknown option '--out'"),
    ("--prin", "unknown option '--prin'"),
    ("--outptu=x", "unknown option '--outptu'; did you mean '--output'?"),
    ("--a\u{1b}[m", "unknown option '--a\\x1b[m'"),
    ("-q", "unknown option '-q'"),
    ("-vq", "unknown option '-q'"),
    ("-\u{e9}", "unknown option '-\u{e9}'"),
    ("--verbose=x", "option '--verbose' takes no value"),
    ("--verbose=", "option '--verbose' takes no value"),
    ("--memory=", "option '--memory' needs a value: SIZE"),
    ("--memory", "option '--memory' needs a value: SIZE"),
    ("-vo", "option '--output' needs a value: FILE"),
    ("--memory abc", "--memory: 'abc' is not a size such as 512M"),
    ("--max-bad -1", "--max-bad: '-1' is not a number such as 100"),
    ("-j0", "--threads: '0' is not a number of 1 or more"),
    ("--order siz", "--order: 'siz' is not one of key, size"),
    ("--print=tcsh", "--print: 'tcsh' is not one of help, version, man, bash, zsh, fish"),
  ])
  func wrongUseIsNamed(line: String, sentence: String) {
    #expect(complaint(line) == sentence)
  }

  @Test func aTextMustBeUTF8AndNotEmpty() {
    let rule = "text of at least one character in UTF-8"
    #expect(complaint([Array("-o".utf8), [0xff]]) == "--output: '\\xff' is not \(rule)")
    #expect(complaint([Array("-o".utf8), []]) == "--output: '' is not \(rule)")
  }

  @Test func theUsageLineLimitsTheOperands() throws {
    #expect(complaint("", "MANIFEST...") == "missing operand: MANIFEST")
    #expect(complaint("a b c", "MANIFEST...") == nil)
    #expect(complaint("a", "OUT PREFIX [DEPTH]") == "missing operand: PREFIX")
    #expect(complaint("a b c", "OUT PREFIX [DEPTH]") == nil)
    #expect(complaint("a b c x\ny", "OUT PREFIX [DEPTH]") == "unexpected operand 'x\\ny'")
    #expect(complaint("x", "") == "unexpected operand 'x'")
  }

  @Test func aPageEndsTheReadingOfTheLine() throws {
    let lines = ["--help": Page.help, "--version --bogus": .version, "-v --print=man": .man]
    for (line, page) in lines {
      let words = line.split(separator: " ").map { Array($0.utf8) }
      guard case .show(let shown) = try Sample.command("OUT").parse(words) else {
        Issue.record("\(line) is not a page")
        continue
      }
      #expect(shown == page)
    }
    #expect(complaint("--bogus --help") == "unknown option '--bogus'")
  }
}
