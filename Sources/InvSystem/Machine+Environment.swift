// The environment is a variable of the C library that nothing here changes.
@unsafe @preconcurrency import Glibc

extension Machine {
  /// All variables of environ(7); of a name that is there twice, the first.
  public static var environment: [String: String] {
    var variables: [String: String] = [:]
    var next = unsafe environ
    while let entry = unsafe next.pointee {
      let text = unsafe String(cString: entry)
      if let mark = text.firstIndex(of: "="), variables[String(text[..<mark])] == nil {
        variables[String(text[..<mark])] = String(text[text.index(after: mark)...])
      }
      unsafe next += 1
    }
    return variables
  }
}
