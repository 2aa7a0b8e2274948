"""Questions of mock exams: as they are pasted, how the notes judge their options, and the record of attempts."""
