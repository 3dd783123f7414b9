import InvText
import Testing

@Suite struct ShellWordsTests {
  @Test(arguments: [
    ("", []), ("  \t", []), ("a", ["a"]), (" a  b\tc ", ["a", "b", "c"]),
    ("/opt/x --name 'two words'", ["/opt/x", "--name", "two words"]),
    (#"a"b c"d"#, ["ab cd"]), (#"'' """#, ["", ""]), (#"a\ b \\ \'"#, ["a b", "\\", "'"]),
    (#""\"\\\n$x" '\"'"#, [#""\\n$x"#, #"\""#]),
    ("$HOME ~ * # x;y|z", ["$HOME", "~", "*", "#", "x;y|z"]),
    ("é 'ü'", ["é", "ü"]),
  ])
  func words(_ command: String, _ words: [String]) {
    #expect(ShellWords.split(command) == words)
  }

  @Test(arguments: ["'", "a 'b", "\"", #""a\""#, #"a\"#])
  func unfinished(_ command: String) {
    #expect(ShellWords.split(command) == nil)
  }
}
