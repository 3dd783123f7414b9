import InvText

/// The times of HTTP's headers: RFC 9110, 5.6.7.
enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`; nil for anything else.
  static func seconds(from text: String) -> Int64? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", words[1].utf8.count == 2,
      let month = months.firstIndex(of: String(words[2]))
    else { return nil }
    let number = (month < 9 ? "0" : "") + String(month + 1)
    return try? Timestamp.seconds(from: "\(words[3])-\(number)-\(words[1])T\(words[4])Z".utf8)
  }
}
