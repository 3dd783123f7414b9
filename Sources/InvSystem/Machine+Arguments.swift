extension Machine {
  /// The command line as the kernel passed it, program name first: bytes, whatever their encoding.
  public static var arguments: [[UInt8]] {
    (0..<Int(CommandLine.argc)).map { place in
      guard let start = unsafe CommandLine.unsafeArgv[place] else { return [] }
      var length = 0
      while unsafe start[length] != 0 { length += 1 }
      return (0..<length).map { unsafe UInt8(bitPattern: start[$0]) }
    }
  }
}
