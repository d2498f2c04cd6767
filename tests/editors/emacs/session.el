;;; session.el --- A session in a real Emacs -*- lexical-binding: t -*-

;;; Commentary:
;; Open, look, fix one, save with everything fixed.  Prints what it saw; any failure ends it with another code than 0.

;;; Code:
(require 'cl-lib)
(require 'package)
(package-initialize)
(load (getenv "PARTWAY_INIT") nil t t)
(require 'eglot)
(require 'flymake)
(defun session-say (key value)
  "Print VALUE, known as KEY."
  (princ (format "%s=%s\n" key value)))

(defun session-wait (what predicate)
  "Wait until PREDICATE holds, which is WHAT."
  (let ((until (+ (float-time) 60)))
    (while (not (funcall predicate))
      (when (> (float-time) until)
        (error "Timed out: %s" what))
      (accept-process-output nil 0.05))))

(defun session-findings ()
  "The buffer's findings."
  ;; What Emacs does when the user pauses; nobody ever pauses in a batch.
  (eglot--signal-textDocument/didChange)
  (flymake-start)
  (sort (flymake-diagnostics) (lambda (a b) (< (flymake-diagnostic-beg a) (flymake-diagnostic-beg b)))))

(defun session-codes ()
  "The rules that the findings are of."
  (sort (mapcar (lambda (one)
                  (let ((said (flymake-diagnostic-text one)))
                    (unless (string-match "partway \\[\\([a-z-]+\\)\\]" said)
                      (error "No rule in %s" said))
                    (match-string 1 said)))
                (session-findings))
        #'string<))

(defun session-count (code)
  "How many findings CODE has."
  (cl-count code (session-codes) :test #'equal))

(switch-to-buffer (find-file-noselect (getenv "PARTWAY_FILE")))
(unless (derived-mode-p 'sql-mode)
  (error "The mode is %s" major-mode))
;; What the command loop does once a file is there.
(run-hooks 'post-command-hook)
(session-wait "a server" #'eglot-managed-p)
(session-wait "findings" #'session-findings)
(session-say "before" (string-join (session-codes) ","))

(let ((creates (session-count "unguarded-create"))
      (first (car (session-findings)))
      (offered nil)
      (last-nonmenu-event ?\r)) ; asked by the keyboard, not with a mouse
  (goto-char (flymake-diagnostic-beg first))
  ;; The person who chooses from the menu, and takes what is offered first.
  (cl-letf (((symbol-function 'completing-read)
             (lambda (_prompt choices &rest _)
               (setq offered (mapcar #'car choices))
               (car offered))))
    (eglot-code-actions (flymake-diagnostic-beg first) (flymake-diagnostic-end first) "quickfix" t))
  (session-say "offered" (string-join offered "|"))
  (session-wait "the quick fix" (lambda () (= (session-count "unguarded-create") (1- creates))))
  (session-say "quickfix" (string-trim (thing-at-point 'line t))))

(set-buffer-modified-p t)
(save-buffer)
(session-wait "no findings" (lambda () (null (session-findings))))
(session-say "after" (string-join (session-codes) ","))
(eglot-shutdown (eglot-current-server))
(princ "PARTWAY SESSION DONE\n")
;;; session.el ends here
