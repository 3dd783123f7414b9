import InvCLI
import InvNet
import Testing

@testable import InvAccess

struct AccessOptionsTests {
  private struct Settings: Sendable { var access = AccessOptions() }

  @Test func optionsAreInOrder() {
    let command = Command<Settings>(
      "inv-test", summary: "test", defaults: Settings(), options: Option.access(\.access))
    #expect(command.problems == [])
  }

  @Test func wordsSayWhatIsSet() {
    var options = AccessOptions()
    #expect(options.words == [])
    options.endpoint = "http://127.0.0.1:1"
    options.isUnsigned = true
    options.addressing = .path
    #expect(options.words == ["--endpoint=http://127.0.0.1:1", "--no-sign", "--addressing=path"])
  }
}
