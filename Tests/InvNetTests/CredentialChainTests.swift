import InvSystem
import Synchronization
import Testing

@testable import InvNet

@Suite struct CredentialChainTests {
  /// A container whose keys are numbered and end an hour after `noon` plus a second for each.
  final class Container: Sendable {
    let count = Mutex(0)
    let isDown = Mutex(false)
    var asked: Int { count.withLock { $0 } }

    func chain() throws -> CredentialChain {
      let transport = FakeTransport { [self] _ throws(HTTPFault) in
        if isDown.withLock({ $0 }) { throw HTTPFault("refused", isTransient: false) }
        let number = count.withLock { count in
          count += 1
          return count
        }
        return keysJSON("K\(number)", expires: "2026-11-01T0\(number):00:00Z")
      }
      let variables = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/"]
      return CredentialChain(try finder("", "", variables, over: transport))
    }
  }

  @Test func credentialsAreKeptAndFetchedAnewBeforeTheyEnd() throws {
    let container = Container()
    let chain = try container.chain()
    for time in [0, 1, 2699] {
      #expect(try chain.current(at: noon + Int64(time)).accessKey == "K1")
    }
    #expect(container.asked == 1)
    #expect(try chain.current(at: noon + 2700).accessKey == "K2")
    #expect(try chain.current(at: noon + 6299).accessKey == "K2")
    #expect(try chain.current(at: noon + 6300).accessKey == "K3" && container.asked == 3)
  }

  @Test func thoseThatHaveNotEndedDoWhileThereAreNoOthers() throws {
    let container = Container()
    let chain = try container.chain()
    _ = try chain.current(at: noon)
    container.isDown.withLock { $0 = true }
    for time in [2700, 2701, 3599] {
      #expect(try chain.current(at: noon + Int64(time)).accessKey == "K1")
    }
    #expect(failure { _ = try chain.current(at: noon + 3600) }?.status == .again)
    container.isDown.withLock { $0 = false }
    #expect(try chain.current(at: noon + 3601).accessKey == "K2")
  }

  @Test func whatAServerCallsEndedIsReplacedOnce() throws {
    let container = Container()
    let chain = try container.chain()
    let first = try chain.current(at: noon)
    #expect(try chain.refresh(replacing: first, at: noon))
    #expect(try chain.refresh(replacing: first, at: noon))
    #expect(try chain.current(at: noon).accessKey == "K2" && container.asked == 2)
    container.isDown.withLock { $0 = true }
    let second = try chain.current(at: noon)
    #expect(failure { _ = try chain.refresh(replacing: second, at: noon) }?.status == .again)
  }

  @Test func keysOfAFileHaveNoOthers() throws {
    let keys = "[default]\naws_access_key_id = A\naws_secret_access_key = s"
    let chain = CredentialChain(try finder("", keys))
    let credentials = try chain.current(at: noon)
    #expect(try !chain.refresh(replacing: credentials, at: noon))
    #expect(try chain.current(at: .max) == credentials)
    let variables = [
      "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s",
      "AWS_CREDENTIAL_EXPIRATION": "2026-11-01T00:00:10Z",
    ]
    let short = CredentialChain(try finder("", "", variables))
    #expect(try short.current(at: noon + 9).accessKey == "A")
    #expect(failure { _ = try short.current(at: noon + 10) }?.status == .usage)
  }

  @Test func newKeysInAFileAreOthers() throws {
    try withFolder { folder in
      func put(_ key: String) throws {
        let file = try AtomicFile("\(folder)/k")
        let text = "[default]\naws_access_key_id = \(key)\naws_secret_access_key = s"
        try file.create().write(Array(text.utf8))
        try file.commit()
      }
      try put("A")
      let variables = [
        "AWS_SHARED_CREDENTIALS_FILE": "\(folder)/k", "AWS_CONFIG_FILE": "\(folder)/c",
      ]
      let chain = CredentialChain(
        try AccessSettings(profile: nil, environment: variables), over: FakeTransport())
      let first = try chain.current(at: noon)
      let isSame = try !chain.refresh(replacing: first, at: noon)
      try put("B")
      let isOther = try chain.refresh(replacing: first, at: noon)
      let second = try chain.current(at: noon)
      #expect(first.accessKey == "A" && isSame && isOther && second.accessKey == "B")
    }
  }

  @Test func theSameAgainIsNoOther() throws {
    let transport = FakeTransport { _ in keysJSON("SAME") }
    let variables = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/"]
    let chain = CredentialChain(try finder("", "", variables, over: transport))
    let credentials = try chain.current(at: noon)
    #expect(try !chain.refresh(replacing: credentials, at: noon))
  }

  @Test func manyThreadsAskOnce() throws {
    let container = Container()
    let chain = try container.chain()
    let threads = try (0..<8).map { _ in
      try Thread { for _ in 0..<100 { _ = try? chain.current(at: noon) } }
    }
    for thread in threads { thread.join() }
    #expect(container.asked == 1)
  }

  @Test func nothingSecretIsWritten() {
    let text = "\(temporary("KEY")) \(String(describing: Optional(temporary("KEY"))))"
    #expect(!text.contains("secret") && !text.contains("token"))
  }
}
