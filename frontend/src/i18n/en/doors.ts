/** Uploads of thousands of files, and those that broke off. */
export const doors = {
  doors: {
    unfinished: {
      title: "An upload broke off",
      text: "Begun {{when}}: {{done}} of {{total}} files were answered. Drop the same folder or files again; only what is missing is sent.",
      forget: "Do not go on",
    },
    retryAll: "Send {{count}} again",
    moreExams_one: "And {{count}} more exam:",
    moreExams_other: "And {{count}} more exams:",
  },
};
