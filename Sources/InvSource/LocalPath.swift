public import InvSystem
import InvText

/// The local path that an operand names: a path, or a URL with the scheme `file`.
public func localPath(_ operand: String) throws(Failure) -> String {
  guard let mark = operand.firstRange(of: "://"), isScheme(operand[..<mark.lowerBound]) else {
    return operand
  }
  let scheme = operand[..<mark.lowerBound].lowercased()
  guard scheme == "file" else {
    throw .usage(
      "\(printable(operand)): '\(scheme)://' is not supported; s3, https, http and file are")
  }
  let rest = operand[mark.upperBound...]
  let host = rest.prefix { $0 != "/" }
  guard host.isEmpty || host == "localhost" else {
    throw .usage("\(printable(operand)): the host of a file is this one: file:///PATH")
  }
  let path = PercentCoding.decoded(rest.dropFirst(host.count).utf8, plus: false)
  guard path.malformed == 0, !path.bytes.contains(0), path.bytes.first == 0x2f,
    let text = String(validating: path.bytes, as: UTF8.self)
  else { throw .usage("\(printable(operand)) is not a URL of a file") }
  return text
}

private func isScheme(_ text: Substring) -> Bool {
  guard let first = text.first, first.isASCII, first.isLetter else { return false }
  return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
}
