import Settings

/// What the files say, when all of it is right.
func read(_ files: ConfigurationFiles) throws(ConfigurationProblems) -> Configuration {
  let review = ConfigurationReview()
  let configuration = files.read(review)
  try review.check(orderedBy: files.all)
  return configuration
}
