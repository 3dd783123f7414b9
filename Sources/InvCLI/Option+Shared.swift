// Options that mean the same in every tool that has them. Defaults are in the tool's settings.
extension Option {
  /// `-o FILE`; `hint` is `.folder` where the tool writes a folder.
  public static func output(
    _ operand: String = "FILE", _ help: String = "write to FILE instead of standard output",
    hint: Hint = .file, _ set: @escaping @Sendable (inout Settings, String) -> Void
  ) -> Option {
    .value("output", "o", operand, help, hint: hint, set)
  }

  /// `-j N`; the default is to be `Thread.processors`.
  public static func threads(_ set: @escaping @Sendable (inout Settings, Int) -> Void) -> Option {
    .value("threads", "j", "N", "use N threads (default: all cores)") {
      // More than any machine has; what is computed from it must not overflow.
      (settings, count: Count) in set(&settings, min(count.value, 4096))
    }
  }

  /// `--memory SIZE`, in bytes; `usual` is the default in words.
  public static func memory(
    usual: String, _ set: @escaping @Sendable (inout Settings, UInt64) -> Void
  ) -> Option {
    .value("memory", nil, "SIZE", "use at most SIZE of memory (default: \(usual))") {
      (settings, size: ByteCount) in set(&settings, size.bytes)
    }
  }

  /// `-v`.
  public static func verbose(_ set: @escaping @Sendable (inout Settings) -> Void) -> Option {
    .flag("verbose", "v", "end with a line of counts, time and memory", set)
  }

  /// `--force`.
  public static func force(_ set: @escaping @Sendable (inout Settings) -> Void) -> Option {
    .flag("force", nil, "replace what is already there", set)
  }

  /// `--keep-going`.
  public static func keepGoing(_ set: @escaping @Sendable (inout Settings) -> Void) -> Option {
    .flag("keep-going", nil, "set bad rows aside, however many there are", set)
  }

  /// `--max-bad N`.
  public static func maxBad(_ set: @escaping @Sendable (inout Settings, Int) -> Void) -> Option {
    .value("max-bad", nil, "N", "set up to N bad rows aside (default: 0)", set)
  }
}
