import Capture
import EventStream
import Settings
import SoundDevices

/// What the plan needs of the machine, which a configuration alone does not tell.
extension Plan {
  /// Reports recordings that cannot be replayed, and missing folders for sockets, on a check and on
  /// a reload. A starting daemon needs no folder for sockets that systemd hands over, and finds out
  /// about the others by creating them.
  func checkSurroundings(_ review: ConfigurationReview) {
    checkRecordings(review)
    for (path, place) in ownSockets {
      do throws(SocketProblem) {
        try ListeningSocket.checkFolder(of: path)
      } catch {
        review.report(place, error.description)
      }
    }
  }

  /// Reports recordings that stand in for a microphone and cannot be replayed: unlike microphones,
  /// they do not come later.
  func checkRecordings(_ review: ConfigurationReview) {
    for stream in streams {
      guard let path = stream.device.recording else { continue }
      do throws(OpenProblem) {
        try WaveReplay.check(
          path, CaptureRequest(rate: stream.rate, highestChannel: stream.channel))
      } catch {
        review.report(stream.place, "stream \(stream.name): \(error.description)")
      }
    }
  }
}
