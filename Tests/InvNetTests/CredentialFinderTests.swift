import InvSystem
import Testing

@testable import InvNet

@Suite struct CredentialFinderTests {
  static let credentials = """
    [default]
    aws_access_key_id = FILE
    aws_secret_access_key = s1
    [tokened]
    aws_access_key_id = T
    aws_secret_access_key = s2
    aws_session_token = t2
    [half]
    aws_access_key_id = H
    """
  static let variables = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s0"]

  @Test func theEnvironmentGoesBeforeAProfileThatWasNotGiven() throws {
    func key(_ variables: [String: String], profile: String? = nil) throws -> Credentials {
      try finder("", Self.credentials, variables, profile: profile).find(at: noon).1
    }
    #expect(try key(Self.variables) == Credentials(accessKey: "ENV", secretKey: "s0"))
    #expect(try key(["AWS_PROFILE": "tokened"].merging(Self.variables) { $1 }).accessKey == "ENV")
    #expect(try key([:]).accessKey == "FILE")
    let tokened = Credentials(accessKey: "T", secretKey: "s2", sessionToken: "t2")
    #expect(try key(Self.variables, profile: "tokened") == tokened)
    #expect(try key(["AWS_PROFILE": "tokened"]) == tokened)
    let whole = ["AWS_SESSION_TOKEN": "t", "AWS_CREDENTIAL_EXPIRATION": "2026-11-01T00:00:01Z"]
    #expect(
      try key(whole.merging(Self.variables) { $1 })
        == Credentials(accessKey: "ENV", secretKey: "s0", sessionToken: "t", expires: noon + 1))
  }

  @Test func theFileOfCredentialsGoesBeforeAProcessAndThatBeforeTheConfiguration() throws {
    let config = """
      [profile tokened]
      aws_access_key_id = CONFIG
      aws_secret_access_key = s
      credential_process = /bin/false
      [profile config]
      aws_access_key_id = CONFIG
      aws_secret_access_key = s
      """
    func key(_ profile: String) throws -> String {
      try finder(config, Self.credentials, profile: profile).find(at: noon).1.accessKey
    }
    #expect(try key("tokened") == "T" && key("config") == "CONFIG")
  }

  @Test(arguments: [
    (["AWS_ACCESS_KEY_ID": "A"], "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not"),
    (
      ["AWS_PROFILE": "half"],
      "profile 'half' has an aws_access_key_id and no aws_secret_access_key"
    ),
    (
      ["AWS_CREDENTIAL_EXPIRATION": "2026-10-31T23:59:59Z"].merging(variables) { $1 },
      "the credentials of the environment ended at 2026-10-31T23:59:59Z"
    ),
  ])
  func refused(_ variables: [String: String], _ sentence: String) throws {
    #expect(throws: Failure.usage(sentence)) {
      try finder("", Self.credentials, variables).find(at: noon)
    }
  }

  @Test func whatCannotBeSentIsRefusedUnseen() throws {
    let variables = ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s3cret\r\nX: y"]
    #expect(
      throws: Failure.data("the environment has credentials that are no printable text")
    ) { try finder("", "", variables).find(at: noon) }
  }

  @Test func nowhere() throws {
    #expect(
      throws: Failure.usage(
        "no credentials in the environment, profile 'default' of the AWS tools, a container's or an "
          + "instance's metadata: give some, or --no-sign where none are needed")
    ) { try finder().find(at: noon) }
    let off = FakeTransport()
    let variables = ["AWS_EC2_METADATA_DISABLED": "true"]
    #expect(throws: Failure.self) { try finder("", "", variables, over: off).find(at: noon) }
    #expect(off.requests.isEmpty)
  }

  @Test func processes() throws {
    try withFolder { folder in
      let program = "\(folder)/give keys"
      try write(
        """
        #!/bin/sh
        [ "$1" = 'a b' ] && [ "$2" = '$HOME' ] || exit 3
        echo '{"Version": 1, "AccessKeyId": "P", "SecretAccessKey": "P-secret",'
        echo '"SessionToken": "P-token", "Expiration": "2026-11-01T01:00:00+00:00"}'
        """, to: program)
      func run(_ command: String) throws -> Credentials {
        try finder("[default]\ncredential_process = \(command)").find(at: noon).1
      }
      #expect(try run("/bin/sh '\(program)' 'a b' $HOME") == temporary("P"))
      #expect(try run(#"sh "\#(program)" a\ b '$HOME'"#) == temporary("P"))
      let who = "the credential_process of profile 'default'"
      for (command, failure) in [
        ("sh '\(program)'", Failure.usage("\(who) failed with status 3")),
        ("sh -c 'kill -9 $$'", .usage("\(who) was ended: \(signalText(9))")),
        ("'no end", .usage("\(who) has a quote without an end, or is empty")),
        (
          "no-such-program-here",
          .usage("\(who) is a program that is not there: no-such-program-here")
        ),
        ("echo secret", .data("the answer of \(who): byte 0: no JSON value")),
        ("echo '{}'", .data("\(who) does not print version 1 of credentials")),
        (
          #"echo '{"Version":1,"AccessKeyId":"a"}'"#,
          .data("the answer of \(who) has no AccessKeyId or no SecretAccessKey")
        ),
        ("yes", .data("what \(who) prints is longer than 1048576 bytes")),
      ] {
        #expect(throws: failure) { try run(command) }
      }
    }
  }

  @Test func aSignOnOfAnotherKindIsNamed() throws {
    let problem = failure {
      _ = try finder("[default]\nlogin_session = arn").find(at: noon)
    }
    #expect(problem?.sentence.contains("aws configure export-credentials") == true)
  }
}
