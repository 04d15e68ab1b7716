/** Generated from the OpenAPI schema by `npm run types`. Do not edit. */

export interface paths {
    "/api/v1/adjudications/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Disagreements that were settled, and those that wait. */
        get: operations["adjudications_list"];
        put?: never;
        /** @description Settle a disagreement. */
        post: operations["adjudications_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/adjudications/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Disagreements that were settled, and those that wait. */
        get: operations["adjudications_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/adjudications/agreement/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Percent agreement, kappa with its interval, and the table of answers. */
        get: operations["adjudications_agreement_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/adjudications/compared/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Exams with both locked reads beside each other; at most 200, those to be settled first. */
        get: operations["adjudications_compared_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/adjudications/record-stage/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * @description Make the readers' consensus the stage of the exam; a biopsy's is replaced only when that is
         *     said.
         */
        post: operations["adjudications_record_stage_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Who did what to which record; newest first. */
        get: operations["audit_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/{number}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Who did what to which record; newest first. */
        get: operations["audit_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/export/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * @description What the filter leaves, as CSV with the hashes of the chain, up to this export's own row.
         *
         *     409 for who has exams to read blindly.
         */
        get: operations["audit_export_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/invitation/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Choose a password; then sign in with it. The link works once, within a day. */
        post: operations["invitation_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/session/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Who is signed in (or null), and the CSRF token for the next write. */
        get: operations["session_retrieve"];
        put?: never;
        /** @description Sign in. */
        post: operations["session_create"];
        /** @description Sign out. */
        delete: operations["session_destroy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/token/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description A new token that may read and write, for 30 days. Others can be made on the account page. */
        post: operations["token_create"];
        /** @description Revoke the token that is sent; from a browser, all that were made by password. */
        delete: operations["token_destroy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cohort/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The patients of one box of the flow. */
        get: operations["cohort_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/criteria/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description All criteria in the order of the paper. */
        get: operations["criteria_list"];
        put?: never;
        /** @description Say whether the study uses a criterion. */
        post: operations["criteria_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/curation/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description At most 200 exams of one list, the most doubtful or the oldest first. */
        get: operations["curation_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Frozen dataset versions: patients, stages and a strict patient-level split under one hash. */
        get: operations["datasets_list"];
        put?: never;
        /** @description Freeze the next version; a job gathers the pictures. 409 where today's labels make no dataset. */
        post: operations["datasets_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Frozen dataset versions: patients, stages and a strict patient-level split under one hash. */
        get: operations["datasets_retrieve"];
        put?: never;
        post?: never;
        /** @description Frozen dataset versions: patients, stages and a strict patient-level split under one hash. */
        delete: operations["datasets_destroy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/{id}/audit/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Duplicates, labels that follow the order of arrival, stages that the recording tells. */
        get: operations["datasets_audit_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/{id}/patients/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The patients of a version with stage, part of the split and number of pictures per band. */
        get: operations["datasets_patients_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/preview/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What a freeze would hold now: who is in, who is not and why, and the split. */
        get: operations["datasets_preview_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/demonstration/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The demonstration: absent, importing, freezing, training, ready, or failed. */
        get: operations["demonstration_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Exams, newest first unless ``ordering`` says otherwise. */
        get: operations["exams_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One exam with images, pair and stagings. */
        get: operations["exams_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/experiments/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Sets of runs that are compared: the rows of the paper's Table 1, or one's own. */
        get: operations["experiments_list"];
        put?: never;
        /** @description Queue every row as a run, in order. */
        post: operations["experiments_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/experiments/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The live table. */
        get: operations["experiments_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/experiments/{id}/cancel/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Stop every run that is queued or running. */
        post: operations["experiments_cancel_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/experiments/{id}/comparison/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description All its runs beside each other, with figures and paired tests, as ``runs/compare`` gives them. */
        get: operations["experiments_comparison_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/experiments/{id}/files/{name}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Stages, thresholds, tests, predictions, metrics and the offline report (409 while empty). */
        get: operations["experiments_files_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/experiments/{id}/results/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The assessment of the complete lines: metrics, stages, thresholds, paired tests, figures. */
        get: operations["experiments_results_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/experiments/{id}/resume/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Queue every failed or cancelled run again. */
        post: operations["experiments_resume_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/experiments/{id}/table.{kind}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The table of the finished rows, the paper's beside them, to keep or to print. */
        get: operations["experiments_table._retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/experiments/estimate/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description What an experiment would cost, from the finished runs of this machine. Starts nothing. */
        post: operations["experiments_estimate_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/images/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Stored images. What was not released is visible to administrators only. */
        get: operations["images_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/images/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Stored images. What was not released is visible to administrators only. */
        get: operations["images_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** @description Say by hand whether an image is HF or LF. */
        patch: operations["images_partial_update"];
        trace?: never;
    };
    "/api/v1/images/{id}/frames/{frame}/network-input/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What a network sees of the frame: the ultrasound region, 256×256. */
        get: operations["images_network_input"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/images/{id}/frames/{frame}/rendered/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A frame as lossless grey PNG, blank outside the ultrasound regions. */
        get: operations["images_rendered"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/images/{id}/withdraw/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Take an image out of use, as for a name in the picture, until an administrator has looked. */
        post: operations["images_withdraw_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Long work: queued, running, or settled with its outcome. */
        get: operations["jobs_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Long work: queued, running, or settled with its outcome. */
        get: operations["jobs_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/cancel/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Cancel: at once when queued, within a batch or so when running. */
        post: operations["jobs_cancel_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/events/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The job's own log, oldest first. */
        get: operations["jobs_events_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/retry/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Queue a failed or cancelled job again; it goes on from its checkpoint. */
        post: operations["jobs_retry_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The signed-in user. */
        get: operations["me_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** @description Change the interface language. */
        patch: operations["me_update"];
        trace?: never;
    };
    "/api/v1/me/password/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Change it; every other browser of the user is signed out. */
        post: operations["own_password_change"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/second-factor/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Whether there is one, and has to be one. */
        get: operations["second_factor_retrieve"];
        /** @description Set it up with the first code; the answer holds the recovery codes. */
        put: operations["second_factor_confirm"];
        /** @description Begin to set one up: a fresh secret, as picture and as text. Nothing is stored yet. */
        post: operations["second_factor_begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/second-factor/removal/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Where it is required, nothing else can be done until there is a new one. */
        post: operations["second_factor_remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/model-use/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Answers, referrals and reviews of one model, altogether and by month. */
        get: operations["model_use_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The registry. Models hold no patient's data, so everybody sees all of them. */
        get: operations["models_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A model with its card, specification and alias history. */
        get: operations["models_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/export/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The model folder as a zip: model.safetensors, model.json, card.md. Nothing in it is a patient's. */
        get: operations["models_export_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{id}/promote/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Give the model an alias. Barred for protocol ``paper`` and without a strict evaluation (409). */
        post: operations["models_promote_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/aliases/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Who holds which alias, and who held it before; newest first. */
        get: operations["models_aliases_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/import/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Take in a model's zip. It is loaded and evaluated on a dataset of yours before it is registered. */
        post: operations["models_import_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/rollback/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Give an alias back to whoever held it before; answers with that model. */
        post: operations["models_rollback_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outline-proposals/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Ask for a frame's outline. 200 with the answer where it is known, else 202: ask again by its id. */
        post: operations["outline_proposals_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outline-proposals/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description How far a proposal is, and its answer once it is there. */
        get: operations["outline_proposals_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outlines/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Liver outlines of frames, with every revision. */
        get: operations["outlines_list"];
        put?: never;
        /** @description Save an outline of a frame: its first revision or its next. */
        post: operations["outlines_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outlines/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One outline with what its revisions are; their polygons are at ``revisions/{number}/``. */
        get: operations["outlines_retrieve"];
        put?: never;
        post?: never;
        /** @description Put the outline into the trash; ``restore/`` takes it back. */
        delete: operations["outlines_destroy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outlines/{id}/finalise/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Say that the newest revision is finished. */
        post: operations["outlines_finalise_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outlines/{id}/restore/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Take the outline back from the trash. */
        post: operations["outlines_restore_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outlines/{id}/revisions/{number}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One revision with its polygons. */
        get: operations["outlines_revision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outlines/export/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Final outlines: labelme files with their pictures or DICOM SEG as a zip, or one COCO file. */
        get: operations["outlines_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outlines/import/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description The outlines of a file or archive, each a draft on top of its frame's; a line for each frame. */
        post: operations["outlines_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outlines/parse/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description The polygons that a labelme, COCO or SEG file holds for a frame. Nothing is saved by it. */
        post: operations["outlines_parse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pairs/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description HF and LF image of an exam, side by side. */
        get: operations["pairs_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pairs/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description HF and LF image of an exam, side by side. */
        get: operations["pairs_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/patients/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Patients, by pseudonym; one patient with everything that hangs on it. */
        get: operations["patients_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/patients/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A patient with exams, images and stage history. */
        get: operations["patients_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/patients/{id}/clinical-values/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Record values that were taken together, in place of the current ones, which stay as history. */
        post: operations["patients_clinical_values_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/patients/{id}/curation/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Eligibility and merges of a patient. */
        get: operations["patients_curation_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/patients/{id}/eligibility/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Record what was found about a criterion. What keeps a patient out needs a reason. */
        post: operations["patients_eligibility_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/patients/{id}/merge/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Let another row of the same person join this one. */
        post: operations["patients_merge_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/patients/{id}/reidentify/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description The hospital's number of a patient. Needs a reason; each look is audited. */
        post: operations["patients_reidentify_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/patients/{id}/stage/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Record the pathology stage. What was recorded before stays in the history. */
        post: operations["patients_stage_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/patients/{id}/unmerge/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Take a merge back: every row as it was. */
        post: operations["patients_unmerge_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/patients/clinical-table/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Import clinical values from a table; without ``dry_run=false`` it only says what would change. */
        post: operations["patients_clinical_table_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/patients/stage-table/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Import stages from a table; without ``dry_run=false`` it only says what would change. */
        post: operations["patients_stage_table_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quality-reads/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Quality reads that the one who asks may see. */
        get: operations["quality_reads_list"];
        put?: never;
        /** @description Lock one's read of an exam's quality. */
        post: operations["quality_reads_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quality-reads/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Quality reads that the one who asks may see. */
        get: operations["quality_reads_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What was kept out, for those who may decide about it. */
        get: operations["quarantine_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What was kept out, for those who may decide about it. */
        get: operations["quarantine_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/{id}/frames/{frame}/after/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The frame as it would be stored with these boxes. */
        get: operations["quarantine_after"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/{id}/frames/{frame}/before/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A frame as it came, names and all. Each look is audited. */
        get: operations["quarantine_before"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/decide/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Release, mask or remove one file, or several of one layout. Each is decided by itself. */
        post: operations["quarantine_decide_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/summary/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Counts by state, and of what waits by reason. */
        get: operations["quarantine_summary_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/read-assignments/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Who is to read what. Readers see what was given to them, researchers and administrators all. */
        get: operations["read_assignments_list"];
        put?: never;
        /** @description Give exams to one or two readers: those named, or the oldest that the filter leaves. */
        post: operations["read_assignments_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/read-assignments/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** @description Take an exam back from a reader who has not read it. */
        delete: operations["read_assignments_destroy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/read-assignments/{id}/restore/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Give an exam back to the reader whom it was taken from; 409 where two others read it by now. */
        post: operations["read_assignments_restore_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/read-assignments/progress/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description How far the reads are. Disagreements are counted over what the one who asks may compare. */
        get: operations["read_assignments_progress_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/read-assignments/queue/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What I have to read, in the wanted order. */
        get: operations["read_assignments_queue_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/read-assignments/readers/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description People who may be given something to read. */
        get: operations["read_assignments_readers_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Signed reports, all versions. Nothing here changes one. */
        get: operations["reports_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One version with what was signed. */
        get: operations["reports_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{id}/amend/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Begin the next version: a draft of one's own that repeats this one. */
        post: operations["reports_amend_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{id}/fhir/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The report as FHIR R4 DiagnosticReport with its Observations contained. */
        get: operations["reports_fhir"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{id}/pdf/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The report with its pictures, in English or Chinese. */
        get: operations["reports_pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{id}/seg/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The liver outlines that were signed as DICOM Segmentation, one file per image, in a zip archive. */
        get: operations["reports_seg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{id}/sr/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The report as DICOM Comprehensive SR (TID 1500). */
        get: operations["reports_sr"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{id}/verification/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Check the report against its hash, its chain, the audit log and its files, now. */
        get: operations["reports_verification_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reviews/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One's own drafts. What is signed is a report. */
        get: operations["reviews_list"];
        put?: never;
        /** @description Begin a draft on a staging that the model has answered. */
        post: operations["reviews_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reviews/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One's own drafts. What is signed is a report. */
        get: operations["reviews_retrieve"];
        put?: never;
        post?: never;
        /** @description Discard the draft. */
        delete: operations["reviews_destroy"];
        options?: never;
        head?: never;
        /** @description Save the draft; refused when it was saved elsewhere since. */
        patch: operations["reviews_partial_update"];
        trace?: never;
    };
    "/api/v1/reviews/{id}/sign/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Sign the draft with one's password: it becomes a report that nobody can change. */
        post: operations["reviews_sign_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Trainings. Watch one live through its job's events. */
        get: operations["runs_list"];
        put?: never;
        /** @description Queue a training. Unknown fields of the specification are errors, named in ``errors``. */
        post: operations["runs_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A run with its job, metrics and record. */
        get: operations["runs_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/cancel/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Stop within a batch or so; the last checkpoint stays. */
        post: operations["runs_cancel_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/figures/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description ``roc``, ``confusion`` and ``learning_curve`` as Plotly JSON; unfinished: the curve so far. */
        get: operations["runs_figures_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/metrics.json/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Every metric by patient, by image and by stage, as the training wrote them. */
        get: operations["runs_metrics.json_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/predictions.csv/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Every prediction on the test part, from which anyone can compute the metrics again. */
        get: operations["runs_predictions.csv_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/resume/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Queue a failed or cancelled run again; it goes on from its last checkpoint. */
        post: operations["runs_resume_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/compare/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Any number of runs beside each other: parameters, metrics with intervals, figures, warnings. */
        get: operations["runs_compare_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/compare/{name}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The comparison to keep: metrics as CSV or LaTeX, or every patient as CSV. */
        get: operations["runs_compare_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/disagreement/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What each run called each test patient, the images behind it, and decision curves. */
        get: operations["runs_disagreement_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/schema/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The launch form's JSON Schema and the presets. */
        get: operations["runs_schema_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/saved-views/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One's own saved views, newest first. */
        get: operations["saved_views_list"];
        put?: never;
        /** @description Keep the filters of a list under a name. */
        post: operations["saved_views_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/saved-views/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** @description Into the trash for thirty days; ``restore/`` takes it back. */
        delete: operations["saved_views_destroy"];
        options?: never;
        head?: never;
        /** @description Rename, take over other filters, or make it the one that is shown first. */
        patch: operations["saved_views_partial_update"];
        trace?: never;
    };
    "/api/v1/saved-views/{id}/restore/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Take a view back from the trash. */
        post: operations["saved_views_restore_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmenters/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What finds the liver in a frame: trainings of the outline network, one of them active. */
        get: operations["segmenters_list"];
        put?: never;
        /** @description Train a segmenter; a job does it. An archive is read without trusting anything that it says. */
        post: operations["segmenters_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmenters/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What finds the liver in a frame: trainings of the outline network, one of them active. */
        get: operations["segmenters_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmenters/{id}/activate/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Make this the segmenter that proposes outlines and crops what is frozen from now on. */
        post: operations["segmenters_activate_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmenters/{id}/cancel/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Stop the training; its last checkpoint stays. */
        post: operations["segmenters_cancel_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmenters/{id}/deactivate/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description No segmenter proposes or crops from now on. */
        post: operations["segmenters_deactivate_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmenters/{id}/examples/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A held-out image with the drawn outline (dashed) and the found one (solid), as PNG. */
        get: operations["segmenters_example"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmenters/{id}/resume/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Queue a failed or cancelled training again. */
        post: operations["segmenters_resume_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmenters/material/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description How many outlines drawn here a training could use. */
        get: operations["segmenters_material_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/segmenters/schema/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description JSON Schema of the options that a training takes. */
        get: operations["segmenters_schema_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One's own signed-in browsers. */
        get: operations["sessions_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** @description Sign that browser out. */
        delete: operations["sessions_destroy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The sites of the user; an administrator sees all, makes and renames them. */
        get: operations["sites_list"];
        put?: never;
        /** @description A further hospital or department. Its code stays as it is. */
        post: operations["sites_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The sites of the user; an administrator sees all, makes and renames them. */
        get: operations["sites_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** @description Another name; the code stays. */
        patch: operations["sites_partial_update"];
        trace?: never;
    };
    "/api/v1/stage-reads/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Stage reads that the one who asks may see. */
        get: operations["stage_reads_list"];
        put?: never;
        /** @description Lock one's read of an exam's stage. */
        post: operations["stage_reads_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stage-reads/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Stage reads that the one who asks may see. */
        get: operations["stage_reads_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stagings/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What models said about exams. */
        get: operations["stagings_list"];
        put?: never;
        /** @description Ask for a staging. The answer comes with the job: watch it, or look at the staging again. */
        post: operations["stagings_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stagings/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What models said about exams. */
        get: operations["stagings_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stagings/{id}/attention/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Where the network looked, once somebody has asked. */
        get: operations["stagings_attention"];
        put?: never;
        /** @description Ask where the network looked; nothing is done twice. */
        post: operations["stagings_ask_attention"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stagings/{id}/attention/{index}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One map, 256×256 with transparency, to be laid over its frame. */
        get: operations["stagings_attention_picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/storage-checks/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Comparisons of rows and files, both ways. */
        get: operations["storage_checks_list"];
        put?: never;
        /** @description Start one; it runs as a job. */
        post: operations["storage_checks_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/storage-checks/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Comparisons of rows and files, both ways. */
        get: operations["storage_checks_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Health, queues, workers and what each is at, disks. */
        get: operations["system_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One's own API tokens; a program sends one as ``Authorization: Token …``. */
        get: operations["tokens_list"];
        put?: never;
        /** @description Make one; it is shown in this answer and never again. */
        post: operations["tokens_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** @description Revoke it; the program that holds it is out at once. */
        delete: operations["tokens_destroy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A bundle of files on their way in. */
        get: operations["uploads_list"];
        put?: never;
        /** @description Open an upload; then send its files one by one. */
        post: operations["uploads_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description An upload with its files and the exams that they belong to. */
        get: operations["uploads_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{id}/files/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Send one file, or a zip archive of files. The same bytes again are a duplicate, not an error. */
        post: operations["uploads_files_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{id}/files/{file}/original/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The bytes of a quarantined or refused file as they came, names and all. Each look is audited. */
        get: operations["uploads_files_original_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{id}/known/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * @description Ask which files need not be sent: so an upload that broke off goes on where it was.
         *
         *     Those that this upload has answered keep their outcome; those that the site has are duplicates.
         */
        post: operations["uploads_known_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description People who may sign in. Nobody is removed: the audit log and their work name them. */
        get: operations["users_list"];
        put?: never;
        /** @description A new person, and the link by which they choose a password. */
        post: operations["users_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description People who may sign in. Nobody is removed: the audit log and their work name them. */
        get: operations["users_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** @description Change role, sites, names, or switch a person off (sessions end at once). */
        patch: operations["users_partial_update"];
        trace?: never;
    };
    "/api/v1/users/{id}/invite/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description A link to choose a (new) password; also ends a lock-out. */
        post: operations["users_invite_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/reset-second-factor/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Remove the second factor, after a lost phone. Make sure by another way who asks. */
        post: operations["users_reset_second_factor_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/sign-out/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description End all sessions and tokens of this person. */
        post: operations["users_sign_out_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description * `significant-fibrosis` - significant-fibrosis
         *     * `cirrhosis` - cirrhosis
         *     * `advanced-fibrosis` - advanced-fibrosis
         * @enum {string}
         */
        AboutEnum: "significant-fibrosis" | "cirrhosis" | "advanced-fibrosis";
        /**
         * @description * `release` - release
         *     * `mask` - mask
         *     * `remove` - remove
         * @enum {string}
         */
        ActionEnum: "release" | "mask" | "remove";
        AdjudicateRequest: {
            /** Format: uuid */
            exam: string;
            kind: components["schemas"]["ReadKindEnum"];
            quality?: components["schemas"]["QualityEnum"];
            /** @description Null: cannot tell */
            stage?: (number | ("S0" | "S1" | "S2" | "S3" | "S4")) | null;
            settling: components["schemas"]["SettlingEnum"];
            /** @description Who decided; who asks is always among them, and for a joint decision both readers */
            participants?: number[];
            /** @default  */
            note: string;
        };
        Adjudication: {
            /** Format: uuid */
            readonly id: string;
            readonly exam: components["schemas"]["ReadExam"];
            readonly kind: components["schemas"]["ReadKindEnum"];
            readonly quality: components["schemas"]["QualityEnum"];
            /** @description 0 to 4; null: cannot tell */
            readonly stage: number | null;
            readonly settling: components["schemas"]["SettlingEnum"];
            readonly recorded_by: string;
            readonly participants: string[];
            readonly note: string;
            /** Format: date-time */
            readonly created_at: string;
        };
        /** @description Over the exams that both readers have locked; intervals from a bootstrap over patients. */
        Agreement: {
            kind: components["schemas"]["ReadKindEnum"];
            /** @description S0, S1, S2, S3, S4 */
            categories: string[];
            table: number[][];
            exams: number;
            patients: number;
            /** @description Exams left out: somebody could not tell */
            cannot_tell: number;
            /** @description Share of exams with the same answer */
            agreement: components["schemas"]["ReadMetric"];
            /** @description Cohen's; quadratic-weighted for stages */
            kappa: components["schemas"]["ReadMetric"];
            weighting: components["schemas"]["WeightingEnum"];
            simulated: boolean;
            /** @description Plotly: data and layout */
            figure: unknown;
        };
        /** @description What found an outline; ``changed``: a person has corrected it since. */
        Algorithm: {
            name: string;
            version: string;
            changed: boolean;
        };
        /** @description What found an outline; ``changed``: a person has corrected it since. */
        AlgorithmRequest: {
            name: string;
            version: string;
            changed: boolean;
        };
        /** @description A period of holding an alias; ``ended_at`` is null for the holder. */
        Alias: {
            readonly name: components["schemas"]["AliasNameEnum"];
            /** Format: uuid */
            readonly model: string;
            readonly model_name: string;
            readonly set_by: string | null;
            /** Format: date-time */
            readonly set_at: string;
            /** Format: date-time */
            readonly ended_at: string | null;
            readonly rollback: boolean;
        };
        /**
         * @description * `champion` - Champion
         *     * `challenger` - Challenger
         * @enum {string}
         */
        AliasNameEnum: "champion" | "challenger";
        AliasNameRequest: {
            /** @default champion */
            alias: components["schemas"]["AliasNameEnum"];
        };
        /** @description Why the report is amended, and on which answer the new version rests (the same one by default). */
        AmendmentRequest: {
            reason: string;
            /** Format: uuid */
            staging?: string;
        };
        /** @description A file that the sender has. */
        AnnouncedRequest: {
            /** @description Of its bytes, lower-case hexadecimal */
            sha256: string;
            /** @default  */
            name: string;
            /**
             * Format: int64
             * @default 0
             */
            size: number;
        };
        AnnouncementRequest: {
            files: components["schemas"]["AnnouncedRequest"][];
        };
        Answer: {
            reader: string;
            reader_id: number;
            quality: (components["schemas"]["QualityEnum"] | components["schemas"]["NullEnum"]) | null;
            reasons: components["schemas"]["QualityReasonEnum"][];
            stage: number | null;
            note: string;
        };
        /**
         * @description * `yes` - Yes
         *     * `no` - No
         *     * `unknown` - Unknown
         * @enum {string}
         */
        AnswerEnum: "yes" | "no" | "unknown";
        AnswerRequestRequest: {
            criterion: components["schemas"]["CriterionEnum"];
            answer: components["schemas"]["AnswerEnum"];
            /** @default  */
            reason: string;
        };
        /** @description Which model answered, and what it was trained on. */
        AnsweringModel: {
            /** Format: uuid */
            id: string;
            name: string;
            sha256: string;
            architecture: string;
            protocol: string;
            dataset_hash: string;
            simulated: boolean;
        };
        ApiToken: {
            /** Format: uuid */
            readonly id: string;
            readonly name: string;
            readonly scope: components["schemas"]["ScopeEnum"];
            readonly beginning: string;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly expires_at: string | null;
            /** Format: date-time */
            readonly last_used_at: string | null;
            /** Format: date-time */
            readonly revoked_at: string | null;
        };
        ApiTokenRequestRequest: {
            /** @description What it is for */
            name: string;
            /** @default read */
            scope: components["schemas"]["ScopeEnum"];
            /** @default 90 */
            days: number;
        };
        /**
         * Architecture
         * @description The rows of the paper's Table 1 by the network that they train (paper §4).
         *
         *     ``hf`` and ``lf`` see one band, ``fusion`` both through feature space mapping. The others are the
         *     comparators, which take one picture; :class:`ComparatorInput` says what that picture is.
         * @enum {string}
         */
        Architecture: "hf" | "lf" | "fusion" | "svm" | "vgg" | "resnet" | "googlenet";
        /**
         * @description * `hf` - hf
         *     * `lf` - lf
         *     * `fusion` - fusion
         *     * `svm` - svm
         *     * `vgg` - vgg
         *     * `resnet` - resnet
         *     * `googlenet` - googlenet
         * @enum {string}
         */
        ArchitectureEnum: "hf" | "lf" | "fusion" | "svm" | "vgg" | "resnet" | "googlenet";
        /** @description An import under way: follow the job; the model has this id once it has succeeded. */
        Arrival: {
            job: components["schemas"]["Job"];
            /** Format: uuid */
            model: string;
        };
        /** @description Exams by id, or the oldest ones that the filter leaves. */
        AssignRequest: {
            kind: components["schemas"]["ReadKindEnum"];
            readers: number[];
            exams?: string[];
            /** @description Code of a site */
            site?: string;
            /**
             * @description Only exams of both bands
             * @default true
             */
            has_pair: boolean;
            /**
             * @description Only exams that nobody is to read yet
             * @default true
             */
            unassigned: boolean;
            /** @default 20 */
            limit: number;
        };
        Assigned: {
            /** @description New assignments */
            made: number;
            /** @description Exams that they are about */
            exams: number;
        };
        Assignment: {
            /** Format: uuid */
            readonly id: string;
            readonly exam: components["schemas"]["ReadExam"];
            readonly kind: components["schemas"]["ReadKindEnum"];
            readonly reader: string;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly done_at: string | null;
            /** Format: date-time */
            readonly withdrawn_at: string | null;
        };
        /** @description Probability of significant fibrosis (≥S2), advanced fibrosis (≥S3) and cirrhosis (S4). */
        AtLeast: {
            /** Format: double */
            S2: number;
            /** Format: double */
            S3: number;
            /** Format: double */
            S4: number;
        };
        /** @description ``state`` is the job's, or ``absent``; ``maps`` are there when it has succeeded. */
        Attention: {
            state: components["schemas"]["AttentionStateEnum"];
            /** Format: uuid */
            job: string | null;
            /**
             * @description The stage that the maps speak for
             *
             *     * `S0` - S0
             *     * `S1` - S1
             *     * `S2` - S2
             *     * `S3` - S3
             *     * `S4` - S4
             */
            stage: components["schemas"]["StageLabelEnum"];
            maps: components["schemas"]["AttentionMap"][];
        };
        /** @description A map and the square that it lies over, in pixels of the frame; it may reach beyond it. */
        AttentionMap: {
            /** Format: uuid */
            image: string;
            frame: number;
            band: components["schemas"]["BandEnum"];
            /** Format: double */
            x: number;
            /** Format: double */
            y: number;
            /** Format: double */
            width: number;
            /** Format: double */
            height: number;
            /** @description Address of the PNG */
            picture: string;
        };
        /**
         * @description * `absent` - absent
         *     * `queued` - queued
         *     * `running` - running
         *     * `succeeded` - succeeded
         *     * `failed` - failed
         *     * `cancelled` - cancelled
         * @enum {string}
         */
        AttentionStateEnum: "absent" | "queued" | "running" | "succeeded" | "failed" | "cancelled";
        /** @description Two pictures that are one. */
        AuditExample: {
            images: string[];
            /** @description Pseudonyms */
            patients: string[];
            parts: string[];
            /** Format: double */
            correlation: number;
        };
        /** @description One answer of the intake audit, with its effect size and permutation test. */
        AuditFinding: {
            code: components["schemas"]["CodeEnum"];
            severity: components["schemas"]["SeverityEnum"];
            /** @description The attribute asked about */
            subject: string;
            message: string;
            remedy: string;
            measure: string;
            /** Format: double */
            effect: number | null;
            /** Format: double */
            expected: number | null;
            /** Format: double */
            p: number | null;
            count: number;
            table: {
                [key: string]: {
                    [key: string]: number;
                };
            };
            examples: components["schemas"]["AuditExample"][];
        };
        AuditReport: {
            dataset_hash: string;
            simulated: boolean;
            patients: number;
            images: number;
            findings: components["schemas"]["AuditFinding"][];
        };
        /**
         * AugmentationSpec
         * @description Training-set augmentation (paper §3.2), applied after the split and to training images only.
         */
        AugmentationSpec: {
            /**
             * Policy
             * @description 'balanced' computes the factors from the training counts; 'paper' is ×7, 4, 7, 6, 6, and the default under the paper's protocol.
             * @default balanced
             */
            policy: components["schemas"]["PolicyEnum"];
            /**
             * Rotation 0–360°
             * @default true
             */
            rotation: boolean;
            /**
             * Parenchyma crop
             * @default true
             */
            crop: boolean;
            /**
             * Brightness and contrast (imadjust)
             * @default true
             */
            intensity: boolean;
            /**
             * Blind deconvolution
             * @description Part of the samples are sharpened pictures (Richardson–Lucy, point spread estimated).
             * @default true
             */
            deconvolution: boolean;
        };
        /** @description What could be trained from now. */
        Available: {
            /** @description Final outlines drawn at the sites */
            outlines: number;
            /** @description Outlined images that a training needs */
            fewest: number;
        };
        /**
         * @description * `HF` - HF
         *     * `LF` - LF
         * @enum {string}
         */
        BandEnum: "HF" | "LF";
        /**
         * @description * `auto` - Auto
         *     * `manual` - Manual
         * @enum {string}
         */
        BandSourceEnum: "auto" | "manual";
        /**
         * @description * `preset` - preset
         *     * `architecture` - architecture
         *     * `` -
         * @enum {string}
         */
        BasisEnum: "preset" | "architecture";
        /** @enum {unknown} */
        BlankEnum: "";
        BrowserSession: {
            /** Format: uuid */
            readonly id: string;
            readonly address: string;
            readonly browser: string;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly seen_at: string;
            /** @description The one that asks */
            readonly current: boolean;
        };
        /** @description A patient of the flow. */
        Candidate: {
            /** Format: uuid */
            patient: string;
            pseudonym: string;
            site: string;
            simulated: boolean;
            /** @description 0 to 4, or null */
            stage: number | null;
            images: number;
            /** @description Why not included; empty where included */
            reason: string;
        };
        Candidates: {
            step: components["schemas"]["StepEnum"];
            total: number;
            /** @description The first 2000 by pseudonym */
            rows: components["schemas"]["Candidate"][];
        };
        CaseImage: {
            /** Format: uuid */
            id: string;
            band: string;
        };
        /** @description One row of the table. Hospital numbers are not repeated. */
        ClinicalChange: {
            /** @description As a spreadsheet counts, from 1 */
            line: number;
            outcome: components["schemas"]["ClinicalChangeOutcomeEnum"];
            /** Format: uuid */
            patient?: string | null;
            pseudonym?: string | null;
        };
        /**
         * @description * `new` - new
         *     * `changed` - changed
         *     * `unchanged` - unchanged
         *     * `unknown-patient` - unknown-patient
         *     * `empty` - empty
         *     * `contradicted` - contradicted
         *     * `other-sex` - other-sex
         * @enum {string}
         */
        ClinicalChangeOutcomeEnum: "new" | "changed" | "unchanged" | "unknown-patient" | "empty" | "contradicted" | "other-sex";
        ClinicalImport: {
            applied: boolean;
            counts: {
                [key: string]: number;
            };
            changes: components["schemas"]["ClinicalChange"][];
        };
        /**
         * @description * `table` - Table
         *     * `manual` - Manual
         *     * `simulation` - Simulation
         * @enum {string}
         */
        ClinicalSourceEnum: "table" | "manual" | "simulation";
        ClinicalTableRequestRequest: {
            /**
             * Format: binary
             * @description CSV or Excel with a patient identifier and any known values
             */
            file: string;
            /** @description Code of the site whose hospital numbers the table uses */
            site: string;
            /**
             * @description Only say what would change
             * @default true
             */
            dry_run: boolean;
        };
        /**
         * @description Values taken together; the current ones have no ``superseded_at``.
         *
         *     Units: U/L (ALT, AST, GGT), 10⁹/L (platelets), g/L (albumin), IU/mL (HBV DNA); 90 stands for all ages
         *     above 89. ``bounded`` names the values that are a bound, as in "<20".
         */
        ClinicalValues: {
            /** Format: uuid */
            readonly id: string;
            readonly age_years: number | null;
            readonly sex: components["schemas"]["SexEnum"];
            /** Format: double */
            readonly alt: number | null;
            /** Format: double */
            readonly ast: number | null;
            /** Format: double */
            readonly platelets: number | null;
            /** Format: double */
            readonly ggt: number | null;
            /** Format: double */
            readonly albumin: number | null;
            /** Format: double */
            readonly hbv_dna: number | null;
            readonly bounded: string[];
            readonly source: components["schemas"]["ClinicalSourceEnum"];
            readonly recorded_by: string | null;
            /** Format: date-time */
            readonly recorded_at: string;
            /** Format: date-time */
            readonly superseded_at: string | null;
        };
        /**
         * @description * `exact-duplicates` - exact-duplicates
         *     * `near-duplicates` - near-duplicates
         *     * `labels-follow-order` - labels-follow-order
         *     * `labels-drift` - labels-drift
         *     * `confounded` - confounded
         * @enum {string}
         */
        CodeEnum: "exact-duplicates" | "near-duplicates" | "labels-follow-order" | "labels-drift" | "confounded";
        /**
         * ComparatorInput
         * @description The one picture that a comparator sees: HF and LF as its channels (in this order), or one alone.
         *
         *     ``channels`` is the default, because it gives the comparators the same data as the fusion.
         * @enum {string}
         */
        ComparatorInput: "channels" | "hf" | "lf";
        /** @description An exam with both locked reads, and what became of them. */
        Compared: {
            exam: components["schemas"]["ReadExam"];
            answers: components["schemas"]["Answer"][];
            agree: boolean;
            adjudication: components["schemas"]["Adjudication"] | null;
            /** @description Stages recorded of this exam, or of its patient as a whole, the current ones first; empty for quality */
            recorded: components["schemas"]["PathologyStage"][];
        };
        /** @description Runs beside each other. Read ``warnings`` before the numbers. */
        Comparison: {
            runs: components["schemas"]["Run"][];
            /** @description Distinct names, one per run */
            labels: string[];
            warnings: components["schemas"]["Warning"][];
            parameter_diff: components["schemas"]["ParameterDiff"][];
            /** @description By patient */
            metrics: components["schemas"]["MetricRow"][];
            /** @description By image */
            image_metrics: components["schemas"]["MetricRow"][];
            /** @description Empty unless all were tested on the same patients */
            tests: components["schemas"]["PairedTest"][];
            figures: components["schemas"]["ComparisonFigures"];
        };
        ComparisonFigures: {
            /** @description Macro average, one curve per run */
            roc?: components["schemas"]["Figure"];
            /** @description auc_ge_s2 and so on */
            roc_by_target?: {
                [key: string]: components["schemas"]["Figure"];
            };
            metrics?: components["schemas"]["Figure"];
            /** @description By metric */
            significance?: {
                [key: string]: components["schemas"]["Figure"];
            };
            /** @description One per run */
            confusion: components["schemas"]["Figure"][];
            /** @description One per run */
            calibration: components["schemas"]["Figure"][];
            /** @description One per run, live ones so far */
            learning_curves: components["schemas"]["Figure"][];
        };
        ConfirmationRequest: {
            ticket: string;
            code: string;
        };
        /**
         * @description * `both` - both
         *     * `replace` - replace
         * @enum {string}
         */
        ConflictEnum: "both" | "replace";
        Counted: {
            /**
             * Format: date-time
             * @description When counting began
             */
            at: string;
            /** @description False: time ran out, and there are more */
            complete: boolean;
            /** @description Objects in the bucket, or files on the disk */
            files: number;
            bytes: number;
            /** @description Files of this machine that the bucket lacks; null without a bucket */
            unsent: number | null;
            /** @description What the cache of this machine holds */
            cache_bytes: number | null;
        };
        Counts: {
            total?: components["schemas"]["Size"];
            by_stage?: components["schemas"]["StageCounts"];
            by_split?: components["schemas"]["SplitCounts"];
            by_site?: {
                [key: string]: components["schemas"]["StageCounts"];
            };
            by_band?: {
                [key: string]: number;
            };
            flow?: components["schemas"]["FlowStep"][];
            crop?: components["schemas"]["Crop"];
            /** @description Pictures that show the liver; the others show the region */
            liver_found?: number;
        };
        CredentialsRequest: {
            username: string;
            password: string;
            /** @description Of the second factor, or a recovery code; where the user has one */
            code?: string;
        };
        /** @description A criterion, whether the study uses it, and (of a patient) what was found. */
        Criterion: {
            criterion: components["schemas"]["CriterionEnum"];
            kind: components["schemas"]["CriterionKindEnum"];
            used: boolean;
            answer: (components["schemas"]["AnswerEnum"] | components["schemas"]["NullEnum"]) | null;
            reason: string;
            recorded_by: string | null;
            /** Format: date-time */
            recorded_at: string | null;
        };
        /**
         * @description * `chronic-hepatitis-b` - Chronic Hepatitis B
         *     * `fibrosis-confirmed` - Fibrosis Confirmed
         *     * `no-treatment-before` - No Treatment Before
         *     * `other-liver-disease` - Other Liver Disease
         *     * `cirrhosis` - Cirrhosis
         *     * `organ-dysfunction` - Organ Dysfunction
         *     * `artefact` - Artefact
         *     * `pregnancy` - Pregnancy
         * @enum {string}
         */
        CriterionEnum: "chronic-hepatitis-b" | "fibrosis-confirmed" | "no-treatment-before" | "other-liver-disease" | "cirrhosis" | "organ-dysfunction" | "artefact" | "pregnancy";
        /**
         * @description * `inclusion` - inclusion
         *     * `exclusion` - exclusion
         * @enum {string}
         */
        CriterionKindEnum: "inclusion" | "exclusion";
        /** @description What of a frame the pictures show. */
        Crop: {
            kind: components["schemas"]["CropEnum"];
            /** @description SHA-256 of its weights */
            segmenter: string;
            /** Format: double */
            margin: number;
        };
        /**
         * @description * `region` - region
         *     * `liver` - liver
         * @enum {string}
         */
        CropEnum: "region" | "liver";
        /** @description What of one frame the model saw. */
        CropUsed: {
            /** Format: uuid */
            image: string;
            frame: number;
            band: components["schemas"]["BandEnum"];
            kind: components["schemas"]["CropEnum"];
            /** @description x0, y0, x1, y1 in pixels of the frame, the end exclusive */
            box: number[];
            /** @description Null where no segmenter looked */
            liver_found: boolean | null;
            /** @description Whether the answer rests on it */
            used: boolean;
            /**
             * Format: double
             * @description Its share in the answer among the images of its band; null where all count alike
             */
            weight?: number | null;
        };
        /**
         * @description * `probe` - probe
         *     * `frequency` - frequency
         *     * `depth` - depth
         *     * `geometry` - geometry
         *     * `picture` - picture
         * @enum {string}
         */
        CueEnum: "probe" | "frequency" | "depth" | "geometry" | "picture";
        /** @description The check-list of a patient, what it says, and the merges that concern it. */
        Curation: {
            /** @description The criterion that keeps the patient out */
            excluded_by: string;
            criteria: components["schemas"]["Criterion"][];
            merges: components["schemas"]["Merge"][];
            /** Format: uuid */
            merged_into: string | null;
            /** @description Whether there is a way back to the hospital number */
            number_sealed: boolean;
        };
        /** @description An exam to look at. The model's part is null on the lists that are not about it. */
        CurationRow: {
            /** Format: uuid */
            exam: string;
            /** Format: uuid */
            patient: string;
            pseudonym: string;
            site: string;
            /** Format: date */
            exam_date: string | null;
            simulated: boolean;
            bands: components["schemas"]["BandEnum"][];
            /** @description Recorded stage, 0 to 4 */
            recorded: number | null;
            answered: (components["schemas"]["StageLabelEnum"] | components["schemas"]["NullEnum"]) | null;
            /**
             * Format: double
             * @description Probability of the model's stage
             */
            confidence: number | null;
            /** @description The model learnt from this label, so its doubt weighs more */
            in_training: boolean | null;
            missing: string[];
        };
        /**
         * @description * `ok` - ok
         *     * `failed` - failed
         * @enum {string}
         */
        DatabaseEnum: "ok" | "failed";
        /** @description ``hidden``: patients whom who asks is to read blindly; the counts by stage leave them out. */
        Dataset: {
            /** Format: uuid */
            readonly id: string;
            readonly name: string;
            readonly version: number;
            readonly note: string;
            readonly state: components["schemas"]["DatasetStateEnum"];
            readonly failure: components["schemas"]["Obstacle"] | null;
            readonly hash: string;
            readonly split_seed: number;
            readonly counts: components["schemas"]["Counts"];
            readonly hidden: number;
            readonly simulated: boolean;
            readonly sites: components["schemas"]["SiteRef"][];
            /** Format: uuid */
            readonly job: string | null;
            readonly created_by: string | null;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly frozen_at: string | null;
        };
        /**
         * @description * `building` - Building
         *     * `frozen` - Frozen
         *     * `failed` - Failed
         * @enum {string}
         */
        DatasetStateEnum: "building" | "frozen" | "failed";
        /** @description What became of each: ``problem`` is the code of what stood in the way, or empty. */
        Decided: {
            /** Format: uuid */
            item: string;
            state: components["schemas"]["WaitingStateEnum"];
            /** Format: uuid */
            image: string | null;
            problem: string;
            message: string;
        };
        /**
         * @description * `HF` - HF
         *     * `LF` - LF
         *     * `ask` - ask
         * @enum {string}
         */
        DecisionBandEnum: "HF" | "LF" | "ask";
        /**
         * @description * `agree` - Agree
         *     * `change` - Change
         *     * `cannot-be-staged` - Cannot
         * @enum {string}
         */
        DecisionEnum: "agree" | "change" | "cannot-be-staged";
        DecisionRequest: {
            /** @description Several only where their layout is the same */
            items: string[];
            action: components["schemas"]["ActionEnum"];
            /** @description Stays in the audit log: name nobody */
            reason: string;
            keep?: number[][];
            masks?: number[][];
            /** @default  */
            band: components["schemas"]["DecisionBandEnum"] | components["schemas"]["BlankEnum"];
            /** @default  */
            conflict: components["schemas"]["ConflictEnum"] | components["schemas"]["BlankEnum"];
            /**
             * @description Pseudonym, of a nameless file
             * @default
             */
            patient: string;
        };
        Decisions: {
            results: components["schemas"]["Decided"][];
        };
        Demonstration: {
            state: components["schemas"]["DemonstrationStateEnum"];
            /** @description How many there will be */
            patients: number;
            /** @description How many there are */
            imported: number;
            /**
             * Format: uuid
             * @description The job at work, or the last one
             */
            job_id: string | null;
            job: components["schemas"]["Job"] | null;
            /** Format: uuid */
            dataset: string | null;
            /** Format: uuid */
            run: string | null;
        };
        /**
         * @description * `absent` - absent
         *     * `importing` - Importing
         *     * `freezing` - Freezing
         *     * `training` - Training
         *     * `ready` - Ready
         *     * `failed` - Failed
         * @enum {string}
         */
        DemonstrationStateEnum: "absent" | "importing" | "freezing" | "training" | "ready" | "failed";
        /**
         * @description * `split` - Split
         *     * `folds` - Folds
         *     * `sites` - Sites
         *     * `external` - External
         * @enum {string}
         */
        DesignKindEnum: "split" | "folds" | "sites" | "external";
        /**
         * @description * `low` - low
         *     * `high` - high
         * @enum {string}
         */
        DirectionEnum: "low" | "high";
        /** @description Finished runs patient by patient, those on whom they differ first, and decision curves by finding. */
        Disagreement: {
            labels: string[];
            runs: string[];
            patients: components["schemas"]["PatientAnswers"][];
            decision: {
                [key: string]: components["schemas"]["Figure"];
            };
        };
        Disk: {
            name: components["schemas"]["DiskNameEnum"];
            /** @description Bytes */
            free: number;
            /** @description Bytes */
            total: number;
        };
        /**
         * @description * `storage` - storage
         *     * `work` - work
         * @enum {string}
         */
        DiskNameEnum: "storage" | "work";
        Enrolment: {
            /** @description To type where the picture cannot be taken */
            secret: string;
            /** @description otpauth://totp/… */
            address: string;
            /** @description The address as a QR code, SVG */
            picture: string;
            /** @description Send it back with the first code, within a quarter of an hour */
            ticket: string;
        };
        /** @description One entry; without what its reader is to find without help. */
        Entry: {
            readonly number: number;
            /** Format: date-time */
            readonly at: string;
            readonly actor: number | null;
            readonly actor_name: string;
            readonly action: string;
            readonly object_type: string;
            readonly object_id: string;
            readonly site: string;
            readonly detail: unknown;
            readonly address: string;
            readonly hash: string;
            /** @description Words of the detail are left out while you have exams to read blindly, and all hashes are */
            readonly withheld: boolean;
        };
        /** @description An experiment that might be started. Folds, sites and an external dataset exclude each other. */
        EstimateRequest: {
            /** Format: uuid */
            dataset: string;
            rows: components["schemas"]["WantedRowRequest"][];
            /** @default 1 */
            folds: number;
            /** @default 1 */
            repeats: number;
            /** @default false */
            leave_one_site_out: boolean;
            /** Format: uuid */
            external?: string | null;
            /** @default false */
            quick: boolean;
        };
        /** @description ``seconds`` is null while one of the lines has nothing to go by. */
        Estimated: {
            runs: number;
            /** Format: double */
            seconds: number | null;
            lines: components["schemas"]["EstimatedLine"][];
        };
        EstimatedLine: {
            title: string;
            /** Format: double */
            seconds: number | null;
            basis: components["schemas"]["BasisEnum"] | components["schemas"]["BlankEnum"];
        };
        /** @description One cue of the HF/LF recognition. */
        Evidence: {
            cue: components["schemas"]["CueEnum"];
            value: string;
            band: (components["schemas"]["BandEnum"] | components["schemas"]["NullEnum"]) | null;
            /**
             * Format: double
             * @description 0 to 1: how far this cue alone is to be believed
             */
            weight: number;
        };
        /** @description A row of the worklist. Dates are shifted per patient; intervals between exams are true. */
        Exam: {
            /** Format: uuid */
            readonly id: string;
            readonly patient: components["schemas"]["ExamPatient"];
            /** Format: date */
            readonly exam_date: string | null;
            readonly bands: components["schemas"]["BandEnum"][];
            readonly image_count: number;
            /** Format: uuid */
            readonly pair_id: string | null;
            /** @description 0 to 4, or null */
            readonly pathology_stage: number | null;
            readonly latest_staging: components["schemas"]["LatestStaging"] | null;
            /** @description The signed report; null where there is none, and for those who may not read reports */
            readonly report: components["schemas"]["SignedReport"] | null;
            /** @description Stage and stagings are hidden: who asks is to read this patient blindly */
            readonly blinded: boolean;
            /** Format: date-time */
            readonly created_at: string;
        };
        /** @description An exam with its images, its pair and everything that models have said about it. */
        ExamDetail: {
            /** Format: uuid */
            readonly id: string;
            readonly patient: components["schemas"]["ExamPatient"];
            /** Format: date */
            readonly exam_date: string | null;
            readonly bands: components["schemas"]["BandEnum"][];
            readonly image_count: number;
            /** Format: uuid */
            readonly pair_id: string | null;
            /** @description 0 to 4, or null */
            readonly pathology_stage: number | null;
            readonly latest_staging: components["schemas"]["LatestStaging"] | null;
            /** @description The signed report; null where there is none, and for those who may not read reports */
            readonly report: components["schemas"]["SignedReport"] | null;
            /** @description Stage and stagings are hidden: who asks is to read this patient blindly */
            readonly blinded: boolean;
            /** Format: date-time */
            readonly created_at: string;
            readonly images: components["schemas"]["Image"][];
            readonly pairs: components["schemas"]["Pair"][];
            readonly stagings: components["schemas"]["Staging"][];
            /** @description APRI and FIB-4; null without clinical values */
            readonly serum: components["schemas"]["Serum"] | null;
        };
        /** @description The patient with the age at this exam (90 stands for all ages above 89). */
        ExamPatient: {
            /** Format: uuid */
            readonly id: string;
            readonly pseudonym: string;
            readonly sex: components["schemas"]["SexEnum"];
            readonly simulated: boolean;
            readonly site: components["schemas"]["PatientSite"];
            age_years: number | null;
        };
        /** @description ``states`` counts the runs by state. */
        Experiment: {
            /** Format: uuid */
            readonly id: string;
            readonly name: string;
            readonly note: string;
            /** Format: uuid */
            readonly dataset: string;
            readonly dataset_name: string;
            /** @description True where one of its datasets is. */
            readonly simulated: boolean;
            readonly kind: components["schemas"]["DesignKindEnum"];
            readonly protocol: components["schemas"]["ProtocolEnum"];
            /** Format: uuid */
            readonly external: string | null;
            readonly external_name: string | null;
            /** Format: uuid */
            readonly beside: string | null;
            readonly beside_name: string | null;
            readonly folds: number;
            readonly repeats: number;
            readonly quick: boolean;
            /** @description Lines of the table; each is a run, or a run a fold. */
            readonly lines: number;
            /** @description Runs by state. */
            readonly states: {
                [key: string]: number;
            };
            readonly created_by: string | null;
            /** Format: date-time */
            readonly created_at: string;
        };
        /** @description The live table: its rows in order, and every metric over them (null until a run is finished). */
        ExperimentDetail: {
            /** Format: uuid */
            readonly id: string;
            readonly name: string;
            readonly note: string;
            /** Format: uuid */
            readonly dataset: string;
            readonly dataset_name: string;
            /** @description True where one of its datasets is. */
            readonly simulated: boolean;
            readonly kind: components["schemas"]["DesignKindEnum"];
            readonly protocol: components["schemas"]["ProtocolEnum"];
            /** Format: uuid */
            readonly external: string | null;
            readonly external_name: string | null;
            /** Format: uuid */
            readonly beside: string | null;
            readonly beside_name: string | null;
            readonly folds: number;
            readonly repeats: number;
            readonly quick: boolean;
            /** @description Lines of the table; each is a run, or a run a fold. */
            readonly lines: number;
            /** @description Runs by state. */
            readonly states: {
                [key: string]: number;
            };
            readonly created_by: string | null;
            /** Format: date-time */
            readonly created_at: string;
            readonly rows: components["schemas"]["ExperimentRow"][];
            readonly metrics: components["schemas"]["MetricRow"][];
            readonly warnings: components["schemas"]["Warning"][];
            readonly reported: components["schemas"]["Reported"][];
        };
        ExperimentRow: {
            readonly position: number;
            readonly line: number;
            readonly repeat: number;
            readonly fold: number;
            readonly title: string;
            readonly run: components["schemas"]["Run"];
        };
        Failure: {
            code: string;
            message: string;
            remedy: string;
        };
        /** @description How usual the pictures are among those that the model learned from. */
        Familiarity: {
            /**
             * Format: double
             * @description Null where there were too few to tell
             */
            p_value: number | null;
            /**
             * Format: double
             * @description Share of familiar patients who are called unfamiliar
             */
            level: number;
            unlike: components["schemas"]["UnlikePicture"][];
        };
        /** @description A Plotly figure. */
        Figure: {
            data: {
                [key: string]: unknown;
            }[];
            layout: {
                [key: string]: unknown;
            };
        };
        /** @description What became of a file. Stored names are stand-ins; the answer to the sender has the true one. */
        File: {
            /** Format: uuid */
            readonly id: string;
            readonly name: string;
            readonly outcome: components["schemas"]["FileOutcomeEnum"];
            readonly code: string;
            readonly message: string;
            readonly remedy: string;
            /** @default  */
            readonly band: string;
            /** Format: double */
            readonly band_confidence: number | null;
            readonly evidence: components["schemas"]["Evidence"][];
            /** Format: uuid */
            readonly image_id: string | null;
            /** Format: uuid */
            readonly exam_id: string | null;
            /** Format: uuid */
            readonly patient_id: string | null;
            readonly size: number;
            /** @description Kept in quarantine, for administrators */
            readonly has_original: boolean;
            /** @description Quarantined at first, and released by a person since */
            readonly released: boolean;
            /** Format: date-time */
            readonly at: string;
        };
        /**
         * @description * `accepted` - Accepted
         *     * `duplicate` - Duplicate
         *     * `quarantined` - Quarantined
         *     * `refused` - Refused
         * @enum {string}
         */
        FileOutcomeEnum: "accepted" | "duplicate" | "quarantined" | "refused";
        /** @description One result for a DICOM file, one per member for a zip archive. */
        FileResults: {
            results: components["schemas"]["File"][];
        };
        FileUploadRequest: {
            /**
             * Format: binary
             * @description A DICOM file, or a zip archive of DICOM files
             */
            file: string;
        };
        FinaliseRequest: {
            /** @description The revision that was looked at */
            made_from: number;
        };
        /** @description A box of the STARD flow diagram. Assessed minus all excluded is included. */
        FlowStep: {
            patients: number;
            /** @description Pictures: a cine counts as many as the frames used of it */
            images: number;
            /** @description 'assessed', 'included', or the reason of an exclusion */
            step: string;
            excluded: boolean;
            remedy: string;
            /** @description Up to 20 pseudonyms */
            examples: string[];
        };
        /** @description The launch form: a JSON Schema (2020-12) and the presets to start from. */
        Form: {
            schema: {
                [key: string]: unknown;
            };
            presets: components["schemas"]["Preset"][];
        };
        /** @description A request to freeze the next version of ``name``. */
        FreezeRequest: {
            name: string;
            /** @default  */
            note: string;
            /** @default 0 */
            split_seed: number;
            /**
             * @description The ultrasound region, or the liver that the active segmenter finds in it
             *
             *     * `region` - region
             *     * `liver` - liver
             * @default region
             */
            crop: components["schemas"]["CropEnum"];
            /** @description Codes or ids of sites; empty means all of yours */
            sites?: string[];
        };
        /**
         * Head
         * @description How a network of the paper's own says the stage: ``softmax`` over five classes (paper §4.1), or
         *     ``ordinal``, which knows that S0 < S1 < … < S4.
         * @enum {string}
         */
        Head: "softmax" | "ordinal";
        Holdings: {
            /** @description Files are kept in a bucket */
            bucket: boolean;
            /** @description The bucket does; null: not known */
            answers: boolean | null;
            /** @description At most 15 minutes old; null: not known yet */
            counted: components["schemas"]["Counted"] | null;
            /** @description Files that are to go and have not gone */
            to_remove: number;
            /** @description Bytes; null without a bucket */
            cache_limit: number | null;
        };
        /** @description An image; its frames are at ``frames/{n}/rendered`` and ``frames/{n}/network-input``. */
        Image: {
            /** Format: uuid */
            readonly id: string;
            /** Format: uuid */
            readonly exam: string;
            band?: components["schemas"]["BandEnum"] | components["schemas"]["BlankEnum"];
            /** Format: double */
            readonly band_confidence: number;
            readonly band_evidence: components["schemas"]["Evidence"][];
            readonly band_source: components["schemas"]["BandSourceEnum"];
            readonly rows: number;
            readonly columns: number;
            readonly frame_count: number;
            /** Format: double */
            readonly frame_rate_hz: number | null;
            /** @description Ultrasound regions: x0 ≤ x < x1, y0 ≤ y < y1 in pixels, delta_x_cm and delta_y_cm */
            readonly regions: unknown;
            /** @description The frames that networks look at */
            readonly analysis_frames: number[];
            readonly released: boolean;
            readonly simulated: boolean;
            readonly sha256: string;
            /** Format: date-time */
            readonly created_at: string;
        };
        /** @description What became, or would become, of one frame. */
        ImportLine: {
            file: string;
            outcome: components["schemas"]["ImportLineOutcomeEnum"];
            layout: string;
            /** Format: uuid */
            image?: string | null;
            /** Format: uuid */
            exam?: string | null;
            pseudonym?: string | null;
            frame: number;
            problem: components["schemas"]["ImportProblem"] | null;
        };
        /**
         * @description * `new` - new
         *     * `revised` - revised
         *     * `unchanged` - unchanged
         *     * `refused` - refused
         * @enum {string}
         */
        ImportLineOutcomeEnum: "new" | "revised" | "unchanged" | "refused";
        ImportOutlinesRequest: {
            /**
             * Format: binary
             * @description labelme or COCO JSON, a DICOM SEG, or a zip of them
             */
            file: string;
            /**
             * @description Only say what would become of it
             * @default true
             */
            dry_run: boolean;
        };
        ImportProblem: {
            code: string;
            message: string;
            remedy: string;
        };
        /** @description A model's zip, and the dataset version to evaluate it on before it is registered. */
        ImportRequest: {
            /** Format: binary */
            file: string;
            /** Format: uuid */
            dataset: string;
            /** @default  */
            name: string;
        };
        InvitationRequest: {
            uid: string;
            token: string;
            password: string;
        };
        /** @description The shape of :func:`webapp.jobs.snapshots.job_json`, which writes it. */
        Job: {
            /** Format: uuid */
            id: string;
            kind: string;
            queue: components["schemas"]["QueueEnum"];
            state: components["schemas"]["JobStateEnum"];
            title: string;
            /**
             * Format: double
             * @description 0 to 1
             */
            progress: number;
            message: string;
            /** @description Attempts begun that count; 0 before the first */
            attempt: number;
            max_attempts: number;
            failure: components["schemas"]["Failure"] | null;
            /** @description 1 runs next; null unless queued */
            queue_position: number | null;
            cancel_requested: boolean;
            created_by: number | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            started_at: string | null;
            /** Format: date-time */
            finished_at: string | null;
            last_seq: number;
        };
        JobEvent: {
            /** @description From 1, without a gap, per job */
            seq: number;
            attempt: number;
            kind: string;
            data: unknown;
            /** Format: date-time */
            at: string;
        };
        JobEvents: {
            events: components["schemas"]["JobEvent"][];
            /** @description Greater than the last of events: ask again with after= */
            last_seq: number;
            state: components["schemas"]["JobStateEnum"];
        };
        /**
         * @description * `queued` - Queued
         *     * `running` - Running
         *     * `succeeded` - Succeeded
         *     * `failed` - Failed
         *     * `cancelled` - Cancelled
         * @enum {string}
         */
        JobStateEnum: "queued" | "running" | "succeeded" | "failed" | "cancelled";
        KindProgress: {
            kind: components["schemas"]["ReadKindEnum"];
            assigned_exams: number;
            assignments: number;
            done: number;
            /** @description Exams with two locked reads */
            both_locked: number;
            /** @description Of these, not settled yet */
            disagree: number;
            adjudicated: number;
        };
        KnownFile: {
            sha256: string;
            result: components["schemas"]["File"];
        };
        /** @description Those of the announced files that need not be sent. */
        KnownFiles: {
            known: components["schemas"]["KnownFile"][];
        };
        /**
         * @description * `` - As the browser
         *     * `en` - English
         *     * `zh-hans` - 简体中文
         * @enum {string}
         */
        LanguageEnum: "en" | "zh-hans";
        /** @description The newest staging of an exam. ``stage`` and ``probabilities`` are null until it has an answer. */
        LatestStaging: {
            /** Format: uuid */
            id: string;
            state: components["schemas"]["JobStateEnum"];
            stage: (components["schemas"]["StageLabelEnum"] | components["schemas"]["NullEnum"]) | null;
            probabilities: components["schemas"]["Probabilities"] | null;
            /** Format: date-time */
            at: string;
            model_name: string;
        };
        /** @description A training to queue. Copy ``spec`` from another run to repeat it, or from a preset to begin. */
        LaunchRequest: {
            /** @default  */
            name: string;
            /** Format: uuid */
            dataset: string;
            spec: components["schemas"]["TrainSpec"];
            /** @default  */
            preset: components["schemas"]["PresetEnum"] | components["schemas"]["BlankEnum"];
        };
        /**
         * @description * `labelme` - labelme
         *     * `coco` - coco
         *     * `seg` - seg
         * @enum {string}
         */
        LayoutEnum: "labelme" | "coco" | "seg";
        Link: {
            /** @description Of this site; works once, within a day */
            path: string;
        };
        LockQualityRequest: {
            /** Format: uuid */
            exam: string;
            /** @default  */
            note: string;
            /** Format: double */
            seconds?: number | null;
            quality: components["schemas"]["QualityEnum"];
            reasons?: components["schemas"]["QualityReasonEnum"][];
        };
        LockStageRequest: {
            /** Format: uuid */
            exam: string;
            /** @default  */
            note: string;
            /** Format: double */
            seconds?: number | null;
            /** @description Null: cannot tell */
            stage: (number | ("S0" | "S1" | "S2" | "S3" | "S4")) | null;
        };
        /** @description What was seen of the picture. Boxes are [x0, y0, x1, y1] in pixels, the end not counted in. */
        Look: {
            rows: number;
            columns: number;
            frames: number;
            shown_frames: number[];
            regions: number[][];
            proposal: number[][];
            proposal_source: components["schemas"]["ProposalSourceEnum"];
            text: components["schemas"]["Writing"][];
            band: string;
            /** Format: double */
            band_confidence: number;
            simulated: boolean;
        };
        MadeToken: {
            /** Format: uuid */
            readonly id: string;
            readonly name: string;
            readonly scope: components["schemas"]["ScopeEnum"];
            readonly beginning: string;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly expires_at: string | null;
            /** Format: date-time */
            readonly last_used_at: string | null;
            /** Format: date-time */
            readonly revoked_at: string | null;
            /** @description Shown once; only its hash is kept */
            readonly token: string;
        };
        MadeUser: {
            user: components["schemas"]["UserRow"];
            /** @description Where the person chooses a password; works once, within a day */
            path: string;
        };
        /** @description What it was trained from. */
        Material: {
            /** @description SHA-256 of the archive that was sent; empty without one */
            archive: string;
            /** @description Whether final outlines drawn here were used */
            outlines: boolean;
        };
        /** @description The signed-in user; only ``language`` can be changed here. */
        Me: {
            readonly id: number;
            /** @description Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only. */
            readonly username: string;
            readonly display_name: string;
            readonly role: string;
            language?: components["schemas"]["LanguageEnum"] | components["schemas"]["BlankEnum"];
            readonly sites: components["schemas"]["Site"][];
            readonly permissions: string[];
            /** @description It is required here and not set up: nothing else can be done before */
            readonly second_factor_due: boolean;
        };
        /** @description A patient of a version, as frozen. */
        Member: {
            /** Format: uuid */
            readonly patient: string;
            readonly pseudonym: string;
            readonly site: string;
            readonly stage: string;
            readonly split: components["schemas"]["SplitEnum"];
            readonly hf_images: number;
            readonly lf_images: number;
        };
        Merge: {
            /** Format: uuid */
            readonly id: string;
            readonly survivor: string;
            readonly absorbed: string;
            readonly exams: number;
            readonly reason: string;
            readonly merged_by: string | null;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly undone_at: string | null;
            readonly undone_reason: string;
        };
        MergeRequestRequest: {
            /** @description Stays in the audit log: name nobody */
            reason: string;
            /** @description Pseudonym of the row that joins this one */
            absorbed: string;
        };
        /** @description A number with its 95 % interval; null where the data cannot give it. */
        Metric: {
            /** Format: double */
            value: number | null;
            /** Format: double */
            low: number | null;
            /** Format: double */
            high: number | null;
        };
        MetricRow: {
            name: string;
            label: string;
            lower_is_better: boolean;
            /** @description One per run; null if unfinished */
            values: components["schemas"]["Metric"][];
            /** @description Positions of the best values */
            best: number[];
        };
        Model: {
            /** Format: uuid */
            readonly id: string;
            readonly name: string;
            /** Format: uuid */
            readonly run: string | null;
            readonly sha256: string;
            readonly digest: string;
            readonly architecture: components["schemas"]["ArchitectureEnum"];
            readonly protocol: components["schemas"]["ProtocolEnum"];
            readonly dataset_hash: string;
            readonly metrics: {
                [key: string]: components["schemas"]["Metric"];
            };
            /** @description Results are left out: who asks is to read one of the patients blindly */
            readonly withheld: boolean;
            readonly simulated: boolean;
            /** @description The aliases that the model holds now. */
            readonly aliases: string[];
            /** Format: date-time */
            readonly created_at: string;
        };
        /** @description With the model card, the specification and every period in which it held an alias. */
        ModelDetail: {
            /** Format: uuid */
            readonly id: string;
            readonly name: string;
            /** Format: uuid */
            readonly run: string | null;
            readonly sha256: string;
            readonly digest: string;
            readonly architecture: components["schemas"]["ArchitectureEnum"];
            readonly protocol: components["schemas"]["ProtocolEnum"];
            readonly dataset_hash: string;
            readonly metrics: {
                [key: string]: components["schemas"]["Metric"];
            };
            /** @description Results are left out: who asks is to read one of the patients blindly */
            readonly withheld: boolean;
            readonly simulated: boolean;
            /** @description The aliases that the model holds now. */
            readonly aliases: string[];
            /** Format: date-time */
            readonly created_at: string;
            readonly card: string;
            readonly spec: components["schemas"]["TrainSpec"] | null;
            /** @description Of this house, that the metrics are of */
            readonly dataset: string;
            readonly imported_by: string | null;
            readonly alias_history: components["schemas"]["Alias"][];
        };
        /** @description What a model answered at the sites that one sees. */
        ModelUse: {
            /**
             * Format: double
             * @description Share of familiar patients called unfamiliar
             */
            expected_unfamiliar: number;
            /** @description More are unfamiliar than that share explains */
            unlike_training: boolean;
            total: components["schemas"]["UsePeriod"];
            /** @description The newest first */
            months: components["schemas"]["UsePeriod"][];
        };
        /** @enum {unknown} */
        NullEnum: null;
        Number: {
            pseudonym: string;
            number: string;
        };
        /** @description The hospital's numbers of a person: one, or one for each row that was merged. */
        Numbers: {
            numbers: components["schemas"]["Number"][];
        };
        Obstacle: {
            code: string;
            message: string;
            remedy: string;
        };
        /** @description A threshold a fold, each chosen on the fold's validation patients, applied to its tested ones. */
        OperatingPoint: {
            title: string;
            stage: number;
            rule: components["schemas"]["RuleEnum"];
            thresholds: number[];
            folds_left_out: number;
            patients: number;
            sensitivity: components["schemas"]["Metric"];
            specificity: components["schemas"]["Metric"];
            positive_predictive_value: components["schemas"]["Metric"];
            negative_predictive_value: components["schemas"]["Metric"];
            accuracy: components["schemas"]["Metric"];
        };
        /** @description One model and metric under both protocols; ``difference`` is paper minus strict. */
        Optimism: {
            model: string;
            metric: string;
            unit: components["schemas"]["UnitEnum"];
            strict: components["schemas"]["Metric"];
            paper: components["schemas"]["Metric"];
            difference: components["schemas"]["Metric"];
        };
        /** @description The newest revision of an outline; ``final_revision`` is the one in force, or null. */
        Outline: {
            /** Format: uuid */
            readonly id: string;
            /** Format: uuid */
            readonly image: string;
            /** Format: uuid */
            readonly exam: string;
            readonly frame: number;
            /** @description Closed polygons in pixels of the frame, x right, y down; 10000 corners */
            readonly polygons: number[][][];
            readonly revision: number;
            readonly state: components["schemas"]["OutlineStateEnum"];
            readonly origin: components["schemas"]["OutlineOriginEnum"];
            readonly author: string | null;
            readonly algorithm: components["schemas"]["Algorithm"] | null;
            readonly final_revision: number | null;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly updated_at: string;
            /** Format: date-time */
            readonly trashed_at: string | null;
        };
        /** @description RFC 9457 problem with both versions. */
        OutlineConflict: {
            type: string;
            title: string;
            status: number;
            detail: string;
            code: string;
            remedy: string;
            /** @description As it is now; null where it was thrown away */
            theirs: components["schemas"]["Outline"] | null;
            yours: components["schemas"]["Yours"];
        };
        /** @description An outline with every save, newest first. */
        OutlineDetail: {
            /** Format: uuid */
            readonly id: string;
            /** Format: uuid */
            readonly image: string;
            /** Format: uuid */
            readonly exam: string;
            readonly frame: number;
            /** @description Closed polygons in pixels of the frame, x right, y down; 10000 corners */
            readonly polygons: number[][][];
            readonly revision: number;
            readonly state: components["schemas"]["OutlineStateEnum"];
            readonly origin: components["schemas"]["OutlineOriginEnum"];
            readonly author: string | null;
            readonly algorithm: components["schemas"]["Algorithm"] | null;
            readonly final_revision: number | null;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly updated_at: string;
            /** Format: date-time */
            readonly trashed_at: string | null;
            readonly revisions: components["schemas"]["Revision"][];
        };
        /**
         * @description * `box` - Box
         *     * `polygon` - Polygon
         *     * `brush` - Brush
         *     * `proposal` - Proposal
         *     * `import` - Import
         *     * `restored` - Restored
         * @enum {string}
         */
        OutlineOriginEnum: "box" | "polygon" | "brush" | "proposal" | "import" | "restored";
        /**
         * @description ``liver_found`` and ``polygons`` are null until the state is ``succeeded``; false and empty mean
         *     that the frame shows no liver.
         */
        OutlineProposal: {
            /** Format: uuid */
            readonly id: string;
            /** Format: uuid */
            readonly image: string;
            readonly frame: number;
            readonly state: components["schemas"]["JobStateEnum"];
            /** Format: uuid */
            readonly job: string;
            readonly liver_found: boolean | null;
            /** @description Closed polygons in pixels of the frame, x right, y down; 10000 corners */
            readonly polygons: number[][][] | null;
            /**
             * Format: double
             * @description Mean Dice of the segmenter on outlines it had not seen
             */
            readonly dice_expected: number | null;
            readonly segmenter: components["schemas"]["SegmenterRef"];
            readonly failure: components["schemas"]["Failure"] | null;
            /** Format: date-time */
            readonly created_at: string;
        };
        /** @description A save. ``made_from`` is the revision it was made from, 0 where there was none. */
        OutlineSaveRequest: {
            /** Format: uuid */
            image: string;
            /** @default 0 */
            frame: number;
            /** @description Closed polygons in pixels of the frame, x right, y down; 10000 corners */
            polygons: number[][][];
            made_from: number;
            /** @default polygon */
            origin: components["schemas"]["OutlineOriginEnum"];
            /**
             * @description Finished: may be trained on
             * @default false
             */
            final: boolean;
            /**
             * Format: uuid
             * @description The proposal that it was begun from, if any
             */
            proposal?: string | null;
            /** @description What an imported file says that it was made by */
            algorithm?: components["schemas"]["AlgorithmRequest"] | null;
            /**
             * Format: uuid
             * @description The sender's name for this save: sent again, it is the same one
             */
            key?: string | null;
        };
        /**
         * @description * `draft` - Draft
         *     * `final` - Final
         * @enum {string}
         */
        OutlineStateEnum: "draft" | "final";
        /**
         * @description * `worklist` - Worklist
         *     * `reading` - Reading
         *     * `runs` - Runs
         *     * `jobs` - Jobs
         *     * `quarantine` - Quarantine
         *     * `audit` - Audit
         *     * `cohort` - Cohort
         *     * `patients` - Patients
         * @enum {string}
         */
        PageEnum: "worklist" | "reading" | "runs" | "jobs" | "quarantine" | "audit" | "cohort" | "patients";
        PaginatedAdjudicationList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Adjudication"][];
        };
        PaginatedApiTokenList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["ApiToken"][];
        };
        PaginatedAssignmentList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Assignment"][];
        };
        PaginatedBrowserSessionList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["BrowserSession"][];
        };
        PaginatedDatasetList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Dataset"][];
        };
        PaginatedEntryList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Entry"][];
        };
        PaginatedExamList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Exam"][];
        };
        PaginatedExperimentList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Experiment"][];
        };
        PaginatedImageList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Image"][];
        };
        PaginatedJobList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Job"][];
        };
        PaginatedMemberList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Member"][];
        };
        PaginatedModelList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Model"][];
        };
        PaginatedOutlineList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Outline"][];
        };
        PaginatedPairList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Pair"][];
        };
        PaginatedPatientList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Patient"][];
        };
        PaginatedQualityReadList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["QualityRead"][];
        };
        PaginatedQuarantineItemList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["QuarantineItem"][];
        };
        PaginatedReportList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Report"][];
        };
        PaginatedReviewList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Review"][];
        };
        PaginatedRunList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Run"][];
        };
        PaginatedSavedViewList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["SavedView"][];
        };
        PaginatedSegmenterList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Segmenter"][];
        };
        PaginatedSiteList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Site"][];
        };
        PaginatedStageReadList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["StageRead"][];
        };
        PaginatedStagingList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Staging"][];
        };
        PaginatedStorageCheckList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["StorageCheck"][];
        };
        PaginatedUploadList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["Upload"][];
        };
        PaginatedUserRowList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["UserRow"][];
        };
        Pair: {
            /** Format: uuid */
            readonly id: string;
            /** Format: uuid */
            readonly exam: string;
            /** Format: uuid */
            readonly hf: string;
            /** Format: uuid */
            readonly lf: string;
            /** Format: date-time */
            readonly created_at: string;
        };
        /** @description A pair with both images. */
        PairDetail: {
            /** Format: uuid */
            readonly id: string;
            /** Format: uuid */
            readonly exam: string;
            /** Format: uuid */
            readonly hf: string;
            /** Format: uuid */
            readonly lf: string;
            /** Format: date-time */
            readonly created_at: string;
            readonly hf_image: components["schemas"]["Image"];
            readonly lf_image: components["schemas"]["Image"];
        };
        /** @description Run ``a`` minus run ``b`` on the same patients; ``p_adjusted`` is Holm's over the pairs of a metric. */
        PairedTest: {
            metric: string;
            test: components["schemas"]["TestEnum"];
            /** @description A label */
            a: string;
            /** @description A label */
            b: string;
            patients: number;
            /** Format: double */
            difference: number | null;
            /** Format: double */
            low: number | null;
            /** Format: double */
            high: number | null;
            /** Format: double */
            p_value: number | null;
            /** Format: double */
            p_adjusted: number | null;
            note: string;
        };
        ParameterDiff: {
            /** @description transfer.epochs; dataset and dataset_hash where those differ */
            path: string;
            /** @description One per run, in order */
            values: unknown[];
        };
        ParseRequest: {
            /**
             * Format: binary
             * @description labelme or COCO JSON, or a DICOM SEG
             */
            file: string;
            /** Format: uuid */
            image: string;
            /** @default 0 */
            frame: number;
        };
        Parsed: {
            layout: components["schemas"]["LayoutEnum"];
            /** @description Closed polygons in pixels of the frame, x right, y down; 10000 corners */
            polygons: number[][][];
            algorithm: components["schemas"]["Algorithm"] | null;
        };
        PasswordChangeRequest: {
            old: string;
            new: string;
        };
        PasswordRequest: {
            password: string;
        };
        PatchedBandRequest: {
            band?: components["schemas"]["BandEnum"];
        };
        PatchedChangeViewRequest: {
            name?: string;
            query?: string;
            is_default?: boolean;
        };
        /** @description The signed-in user; only ``language`` can be changed here. */
        PatchedMeRequest: {
            language?: components["schemas"]["LanguageEnum"] | components["schemas"]["BlankEnum"];
        };
        /** @description A judgement with the revision of the draft that was read. */
        PatchedReviewSaveRequest: {
            decision?: components["schemas"]["DecisionEnum"];
            stage?: (number | ("S0" | "S1" | "S2" | "S3" | "S4")) | null;
            reasons?: components["schemas"]["ReasonsEnum"][];
            /** @default  */
            note: string;
            revision?: number;
        };
        PatchedSiteChangeRequest: {
            name?: string;
        };
        /** @description What is left out stays as it is. */
        PatchedUserChangeRequest: {
            first_name?: string;
            last_name?: string;
            email?: string;
            role?: components["schemas"]["RoleEnum"];
            is_active?: boolean;
            sites?: string[];
        };
        /** @description A label with its source; the current one has no ``superseded_at``. */
        PathologyStage: {
            /** Format: uuid */
            readonly id: string;
            readonly stage: components["schemas"]["StageNumberEnum"];
            readonly source: components["schemas"]["StageSourceEnum"];
            /** Format: uuid */
            readonly exam: string | null;
            readonly recorded_by: string | null;
            /** Format: date-time */
            readonly recorded_at: string;
            /** Format: date-time */
            readonly superseded_at: string | null;
        };
        /** @description A row of the list of patients. */
        Patient: {
            /** Format: uuid */
            readonly id: string;
            readonly pseudonym: string;
            readonly sex: components["schemas"]["SexEnum"];
            readonly simulated: boolean;
            readonly site: components["schemas"]["PatientSite"];
            /** @description Current stage, 0 to 4 */
            readonly pathology_stage: number | null;
            readonly exam_count: number;
            /** Format: date-time */
            readonly created_at: string;
        };
        /** @description A test patient with each run's answer; ``exam`` is null where the reader may not see the patient. */
        PatientAnswers: {
            patient: string;
            truth: string;
            differs: boolean;
            answers: components["schemas"]["RunAnswer"][];
            /** Format: uuid */
            exam: string | null;
            images: components["schemas"]["CaseImage"][];
        };
        /** @description A patient with the age at the newest exam, the exams, and every stage and value ever recorded. */
        PatientDetail: {
            /** Format: uuid */
            readonly id: string;
            readonly pseudonym: string;
            readonly sex: components["schemas"]["SexEnum"];
            readonly simulated: boolean;
            readonly site: components["schemas"]["PatientSite"];
            /** @description Current stage, 0 to 4 */
            readonly pathology_stage: number | null;
            readonly exam_count: number;
            /** Format: date-time */
            readonly created_at: string;
            readonly age_years: number | null;
            readonly stage_history: components["schemas"]["PathologyStage"][];
            readonly clinical_history: components["schemas"]["ClinicalValues"][];
            /** @description APRI and FIB-4; null without clinical values */
            readonly serum: components["schemas"]["Serum"] | null;
            readonly exams: components["schemas"]["ExamDetail"][];
        };
        PatientSite: {
            code: string;
            name: string;
        };
        /** @enum {string} */
        PolicyEnum: "balanced" | "paper" | "none";
        /**
         * Pooling
         * @description How a patient's several images give one answer: the ``mean`` of their probabilities, or gated
         *     ``attention`` over their features, trained on whole patients.
         * @enum {string}
         */
        Pooling: "mean" | "attention";
        /** @enum {string} */
        PrecisionEnum: "auto" | "fp32" | "bf16";
        Preset: {
            key: string;
            title: string;
            description: string;
            spec: components["schemas"]["TrainSpec"];
        };
        /**
         * @description * `svm` - svm
         *     * `vgg` - vgg
         *     * `resnet` - resnet
         *     * `googlenet` - googlenet
         *     * `lf` - lf
         *     * `hf` - hf
         *     * `fusion_no_transfer` - fusion_no_transfer
         *     * `dual_transfer` - dual_transfer
         * @enum {string}
         */
        PresetEnum: "svm" | "vgg" | "resnet" | "googlenet" | "lf" | "hf" | "fusion_no_transfer" | "dual_transfer";
        /** @description What a freeze would hold now. ``obstacles`` is empty when it would be accepted. */
        Preview: {
            total?: components["schemas"]["Size"];
            by_stage?: components["schemas"]["StageCounts"];
            by_split?: components["schemas"]["SplitCounts"];
            by_site?: {
                [key: string]: components["schemas"]["StageCounts"];
            };
            by_band?: {
                [key: string]: number;
            };
            flow?: components["schemas"]["FlowStep"][];
            crop?: components["schemas"]["Crop"];
            /** @description Pictures that show the liver; the others show the region */
            liver_found?: number;
            simulated: boolean;
            sites: components["schemas"]["SiteRef"][];
            obstacles: components["schemas"]["Obstacle"][];
            /** @description Patients left out because you are to read them blindly */
            hidden: number;
        };
        /** @description Calibrated probability of each stage; they sum to 1. */
        Probabilities: {
            /** Format: double */
            S0: number;
            /** Format: double */
            S1: number;
            /** Format: double */
            S2: number;
            /** Format: double */
            S3: number;
            /** Format: double */
            S4: number;
        };
        ProposalRequestRequest: {
            /** Format: uuid */
            image: string;
            /** @default 0 */
            frame: number;
        };
        /**
         * @description * `region` - region
         *     * `picture` - picture
         *     * `frame` - frame
         * @enum {string}
         */
        ProposalSourceEnum: "region" | "picture" | "frame";
        /**
         * Protocol
         * @description How images are split. ``strict`` splits patients; ``paper`` splits images after
         *     augmentation, is kept to show the optimism this causes, and bars a model from promotion
         *     (docs/decisions).
         * @enum {string}
         */
        Protocol: "strict" | "paper";
        /**
         * @description * `strict` - strict
         *     * `paper` - paper
         * @enum {string}
         */
        ProtocolEnum: "strict" | "paper";
        Provider: {
            /** @description What the button says */
            name: string;
            /** @description Where the browser goes */
            path: string;
        };
        /**
         * @description * `acceptable` - Acceptable
         *     * `limited` - Limited
         *     * `unacceptable` - Unacceptable
         * @enum {string}
         */
        QualityEnum: "acceptable" | "limited" | "unacceptable";
        QualityRead: {
            /** Format: uuid */
            readonly id: string;
            readonly exam: components["schemas"]["ReadExam"];
            readonly reader: string;
            readonly quality: components["schemas"]["QualityEnum"];
            readonly reasons: components["schemas"]["QualityReasonEnum"][];
            readonly note: string;
            /** Format: double */
            readonly seconds: number | null;
            /** Format: date-time */
            readonly created_at: string;
        };
        /**
         * @description * `artefact` - Artefact
         *     * `blur` - Blur
         *     * `shadow` - Shadow
         *     * `gain` - Gain
         *     * `depth` - Depth
         *     * `view` - View
         *     * `other` - Other
         * @enum {string}
         */
        QualityReasonEnum: "artefact" | "blur" | "shadow" | "gain" | "depth" | "view" | "other";
        /** @description A file that was kept out, or an image that was withdrawn, with what was decided. */
        QuarantineItem: {
            /** Format: uuid */
            readonly id: string;
            readonly site: string;
            readonly state: components["schemas"]["WaitingStateEnum"];
            readonly code: string;
            readonly message: string;
            readonly remedy: string;
            /**
             * @description A stand-in
             * @default
             */
            readonly name: string;
            /** @default 0 */
            readonly size: number;
            /** Format: uuid */
            readonly upload: string | null;
            /** Format: uuid */
            readonly file: string | null;
            readonly has_original: boolean;
            readonly device: string;
            readonly layout: string;
            readonly look: components["schemas"]["Look"] | null;
            /** Format: uuid */
            readonly image: string | null;
            /** Format: uuid */
            readonly exam: string | null;
            /** Format: uuid */
            readonly rival: string | null;
            readonly note: string;
            /** Format: date-time */
            readonly expires_at: string | null;
            /** @default  */
            readonly decision: string;
            readonly reason: string;
            readonly decided_by: string | null;
            /** Format: date-time */
            readonly decided_at: string | null;
            /** Format: date-time */
            readonly created_at: string;
        };
        /** @description What the one who asks has to read, in order. The order by uncertainty is all that leaves of it. */
        Queue: {
            open: number;
            done: number;
            rows: components["schemas"]["Assignment"][];
        };
        QueueCondition: {
            queue: components["schemas"]["QueueEnum"];
            waiting: number;
            /**
             * Format: double
             * @description How long the job that waits longest has waited
             */
            oldest_seconds: number;
            running: number;
            /** @description Living processes that serve it */
            workers: number;
        };
        /**
         * @description * `gpu.train` - Gpu Train
         *     * `gpu.infer` - Gpu Infer
         *     * `cpu` - Cpu
         * @enum {string}
         */
        QueueEnum: "gpu.train" | "gpu.infer" | "cpu";
        /** @description Which exam; nothing of its stage. */
        ReadExam: {
            /** Format: uuid */
            readonly id: string;
            readonly pseudonym: string;
            /** Format: date */
            readonly exam_date: string | null;
            readonly site: string;
            readonly bands: components["schemas"]["BandEnum"][];
            readonly simulated: boolean;
        };
        /**
         * @description * `quality` - Quality
         *     * `stage` - Stage
         * @enum {string}
         */
        ReadKindEnum: "quality" | "stage";
        ReadMetric: {
            /** Format: double */
            value: number | null;
            /** Format: double */
            low: number | null;
            /** Format: double */
            high: number | null;
        };
        Reader: {
            id: number;
            name: string;
            role: string;
            /**
             * @description What this person has to read yet
             * @default 0
             */
            open: number;
        };
        ReasonRequest: {
            /** @description Stays in the audit log: name nobody */
            reason: string;
        };
        /**
         * @description * `texture` - Texture
         *     * `capsule` - Capsule
         *     * `vessels` - Vessels
         *     * `shape` - Shape
         *     * `clinical-values` - Clinical
         *     * `earlier-exam` - Earlier
         *     * `wrong-region` - Wrong Region
         *     * `model-uncertain` - Uncertain
         *     * `image-quality` - Quality
         *     * `no-liver` - No Liver
         *     * `band-missing-or-wrong` - Band
         *     * `other-liver-disease` - Other Disease
         *     * `unlike-training-data` - Unlike
         *     * `other` - Other
         * @enum {string}
         */
        ReasonsEnum: "texture" | "capsule" | "vessels" | "shape" | "clinical-values" | "earlier-exam" | "wrong-region" | "model-uncertain" | "image-quality" | "no-liver" | "band-missing-or-wrong" | "other-liver-disease" | "unlike-training-data" | "other";
        RecordConsensusRequest: {
            /** Format: uuid */
            exam: string;
            /**
             * @description The consensus takes the place of a biopsy's stage
             * @default false
             */
            replace: boolean;
        };
        RecordedValues: {
            /** Format: uuid */
            readonly id: string;
            readonly age_years: number | null;
            readonly sex: components["schemas"]["SexEnum"];
            /** Format: double */
            readonly alt: number | null;
            /** Format: double */
            readonly ast: number | null;
            /** Format: double */
            readonly platelets: number | null;
            /** Format: double */
            readonly ggt: number | null;
            /** Format: double */
            readonly albumin: number | null;
            /** Format: double */
            readonly hbv_dna: number | null;
            readonly source: components["schemas"]["ClinicalSourceEnum"];
            /** Format: date-time */
            readonly recorded_at: string;
        };
        RecoveryCodes: {
            /** @description Shown once; each works once */
            recovery_codes: string[];
        };
        /**
         * @description * `ok` - ok
         *     * `failed` - failed
         *     * `absent` - absent
         * @enum {string}
         */
        RedisEnum: "ok" | "failed" | "absent";
        /**
         * @description * `wide-prediction-set` - wide-prediction-set
         *     * `unfamiliar-pictures` - unfamiliar-pictures
         * @enum {string}
         */
        ReferralEnum: "wide-prediction-set" | "unfamiliar-pictures";
        /** @description A version of the report of an exam. ``superseded_by`` is null for the one that holds. */
        Report: {
            /** Format: uuid */
            readonly id: string;
            /** Format: uuid */
            readonly exam: string;
            /** @description Pseudonym */
            readonly patient: string;
            readonly site: string;
            /** Format: uuid */
            readonly staging: string;
            readonly version: number;
            /** Format: uuid */
            readonly predecessor: string | null;
            /** Format: uuid */
            readonly superseded_by: string | null;
            readonly decision: components["schemas"]["DecisionEnum"];
            readonly stage: (components["schemas"]["StageNumberEnum"] | components["schemas"]["NullEnum"]) | null;
            readonly model_stage: components["schemas"]["StageLabelEnum"];
            readonly reasons: components["schemas"]["ReasonsEnum"][];
            readonly note: string;
            readonly amendment_reason: string;
            /** @description Whether there is a DICOM SEG of the liver */
            readonly has_outline: boolean;
            readonly content_hash: string;
            readonly simulated: boolean;
            readonly signed_by: string;
            /** Format: date-time */
            readonly signed_at: string;
        };
        /** @description A report with everything that was signed, as the hash covers it. */
        ReportDetail: {
            /** Format: uuid */
            readonly id: string;
            /** Format: uuid */
            readonly exam: string;
            /** @description Pseudonym */
            readonly patient: string;
            readonly site: string;
            /** Format: uuid */
            readonly staging: string;
            readonly version: number;
            /** Format: uuid */
            readonly predecessor: string | null;
            /** Format: uuid */
            readonly superseded_by: string | null;
            readonly decision: components["schemas"]["DecisionEnum"];
            readonly stage: (components["schemas"]["StageNumberEnum"] | components["schemas"]["NullEnum"]) | null;
            readonly model_stage: components["schemas"]["StageLabelEnum"];
            readonly reasons: components["schemas"]["ReasonsEnum"][];
            readonly note: string;
            readonly amendment_reason: string;
            /** @description Whether there is a DICOM SEG of the liver */
            readonly has_outline: boolean;
            readonly content_hash: string;
            readonly simulated: boolean;
            readonly signed_by: string;
            /** Format: date-time */
            readonly signed_at: string;
            /** @description What was signed */
            readonly content: unknown;
        };
        /** @description A row of the paper's Table 1: other data, by image, augmented before the split. */
        Reported: {
            key: string;
            title: string;
            source: string;
            metrics: {
                [key: string]: components["schemas"]["Metric"];
            };
        };
        /** @description What the complete lines say together; columns of ``metrics`` are ``titles``. */
        Results: {
            titles: string[];
            /** @description Numbers of the lines in here */
            lines: number[];
            metrics: components["schemas"]["MetricRow"][];
            stages: components["schemas"]["StageRow"][];
            operating_points: components["schemas"]["OperatingPoint"][];
            tests: components["schemas"]["PairedTest"][];
            paired_patients: number;
            serum: {
                [key: string]: {
                    [key: string]: components["schemas"]["Metric"];
                };
            };
            by_site: components["schemas"]["SiteResult"][];
            /** @description Each site is tested by models of the others */
            sites_left_out: boolean;
            optimism: components["schemas"]["Optimism"][];
            notes: string[];
            complete: number;
            total: number;
            figures: {
                [key: string]: components["schemas"]["Figure"];
            };
        };
        /** @description A draft of one's own. ``stage`` is 0 to 4, or null where the exam cannot be staged. */
        Review: {
            /** Format: uuid */
            readonly id: string;
            /** Format: uuid */
            readonly exam: string;
            /** Format: uuid */
            readonly staging: string;
            readonly decision: components["schemas"]["DecisionEnum"];
            readonly stage: (components["schemas"]["StageNumberEnum"] | components["schemas"]["NullEnum"]) | null;
            readonly reasons: components["schemas"]["ReasonsEnum"][];
            readonly note: string;
            /** Format: uuid */
            readonly amends: string | null;
            readonly amendment_reason: string;
            readonly revision: number;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly updated_at: string;
        };
        /** @description A judgement of one staging. */
        ReviewRequestRequest: {
            decision: components["schemas"]["DecisionEnum"];
            stage?: (number | ("S0" | "S1" | "S2" | "S3" | "S4")) | null;
            reasons?: components["schemas"]["ReasonsEnum"][];
            /** @default  */
            note: string;
            /** Format: uuid */
            staging: string;
        };
        /** @description A save, without its polygons: those are at ``revisions/{number}/``. */
        Revision: {
            readonly number: number;
            readonly made_from: number;
            readonly state: components["schemas"]["OutlineStateEnum"];
            readonly origin: components["schemas"]["OutlineOriginEnum"];
            readonly author: string | null;
            readonly algorithm: components["schemas"]["Algorithm"] | null;
            /** Format: date-time */
            readonly created_at: string;
            readonly polygon_count: number;
            readonly corner_count: number;
        };
        /** @description A save, without its polygons: those are at ``revisions/{number}/``. */
        RevisionDetail: {
            readonly number: number;
            readonly made_from: number;
            readonly state: components["schemas"]["OutlineStateEnum"];
            readonly origin: components["schemas"]["OutlineOriginEnum"];
            readonly author: string | null;
            readonly algorithm: components["schemas"]["Algorithm"] | null;
            /** Format: date-time */
            readonly created_at: string;
            readonly polygon_count: number;
            readonly corner_count: number;
            /** @description Closed polygons in pixels of the frame, x right, y down; 10000 corners */
            readonly polygons: number[][][];
        };
        /**
         * @description * `clinician` - Clinician
         *     * `annotator` - Annotator
         *     * `researcher` - Researcher
         *     * `administrator` - Administrator
         * @enum {string}
         */
        RoleEnum: "clinician" | "annotator" | "researcher" | "administrator";
        /**
         * @description * `youden` - youden
         *     * `sensitivity_90` - sensitivity_90
         * @enum {string}
         */
        RuleEnum: "youden" | "sensitivity_90";
        /** @description A run. ``state`` is its job's; ``metrics`` are of the test part, by patient. */
        Run: {
            /** Format: uuid */
            readonly id: string;
            readonly name: string;
            readonly preset: string;
            readonly spec: components["schemas"]["TrainSpec"];
            /** Format: uuid */
            readonly dataset: string;
            readonly dataset_name: string;
            readonly dataset_hash: string;
            readonly simulated: boolean;
            readonly architecture: components["schemas"]["ArchitectureEnum"];
            readonly protocol: components["schemas"]["ProtocolEnum"];
            readonly state: components["schemas"]["JobStateEnum"];
            readonly job: components["schemas"]["Job"];
            readonly metrics: {
                [key: string]: components["schemas"]["Metric"];
            };
            readonly image_metrics: {
                [key: string]: components["schemas"]["Metric"];
            };
            readonly figures: string[];
            /** @description Results are left out: who asks is to read one of the patients blindly */
            readonly withheld: boolean;
            /** Format: uuid */
            readonly model: string | null;
            readonly created_by: string | null;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly finished_at: string | null;
        };
        RunAnswer: {
            stage: string;
            /** Format: double */
            probability: number;
        };
        /** @description With the record of what the run can be repeated with: seed, commit, versions, device, counts. */
        RunDetail: {
            /** Format: uuid */
            readonly id: string;
            readonly name: string;
            readonly preset: string;
            readonly spec: components["schemas"]["TrainSpec"];
            /** Format: uuid */
            readonly dataset: string;
            readonly dataset_name: string;
            readonly dataset_hash: string;
            readonly simulated: boolean;
            readonly architecture: components["schemas"]["ArchitectureEnum"];
            readonly protocol: components["schemas"]["ProtocolEnum"];
            readonly state: components["schemas"]["JobStateEnum"];
            readonly job: components["schemas"]["Job"];
            readonly metrics: {
                [key: string]: components["schemas"]["Metric"];
            };
            readonly image_metrics: {
                [key: string]: components["schemas"]["Metric"];
            };
            readonly figures: string[];
            /** @description Results are left out: who asks is to read one of the patients blindly */
            readonly withheld: boolean;
            /** Format: uuid */
            readonly model: string | null;
            readonly created_by: string | null;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly finished_at: string | null;
            readonly record: unknown;
        };
        RunFigures: {
            roc?: components["schemas"]["Figure"];
            confusion?: components["schemas"]["Figure"];
            /** @description So far, while the run is unfinished */
            learning_curve: components["schemas"]["Figure"];
        };
        /** @description ``query``: of the page's address, as the browser shows it. */
        SaveViewRequest: {
            page: components["schemas"]["PageEnum"];
            name: string;
            /** @default  */
            query: string;
            /**
             * @description Shown when the page is opened
             * @default false
             */
            is_default: boolean;
        };
        SavedView: {
            /** Format: uuid */
            readonly id: string;
            readonly page: components["schemas"]["PageEnum"];
            readonly name: string;
            readonly query: string;
            readonly is_default: boolean;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly trashed_at: string | null;
        };
        /**
         * @description * `out` - out
         *     * `between` - between
         *     * `in` - in
         * @enum {string}
         */
        SaysEnum: "out" | "between" | "in";
        /** @enum {string} */
        ScheduleEnum: "cosine" | "constant";
        /**
         * @description * `read` - Read
         *     * `write` - Write
         * @enum {string}
         */
        ScopeEnum: "read" | "write";
        SecondFactor: {
            enabled: boolean;
            /** @description By this house's settings */
            required: boolean;
            recovery_codes_left: number;
        };
        Segmenter: {
            /** Format: uuid */
            readonly id: string;
            readonly name: string;
            readonly state: components["schemas"]["JobStateEnum"];
            readonly job: components["schemas"]["Job"];
            readonly options: components["schemas"]["SegmenterSpec"];
            readonly material: components["schemas"]["Material"];
            readonly sites: components["schemas"]["SiteRef"][];
            /** @description On outlined images that it had not seen */
            readonly metrics: {
                [key: string]: components["schemas"]["Metric"];
            };
            readonly sha256: string;
            readonly simulated: boolean;
            readonly example_count: number;
            readonly active: boolean;
            readonly activated_by: string | null;
            /** Format: date-time */
            readonly activated_at: string | null;
            readonly created_by: string | null;
            /** Format: date-time */
            readonly created_at: string;
        };
        /** @description With its card and the record of its training. */
        SegmenterDetail: {
            /** Format: uuid */
            readonly id: string;
            readonly name: string;
            readonly state: components["schemas"]["JobStateEnum"];
            readonly job: components["schemas"]["Job"];
            readonly options: components["schemas"]["SegmenterSpec"];
            readonly material: components["schemas"]["Material"];
            readonly sites: components["schemas"]["SiteRef"][];
            /** @description On outlined images that it had not seen */
            readonly metrics: {
                [key: string]: components["schemas"]["Metric"];
            };
            readonly sha256: string;
            readonly simulated: boolean;
            readonly example_count: number;
            readonly active: boolean;
            readonly activated_by: string | null;
            /** Format: date-time */
            readonly activated_at: string | null;
            readonly created_by: string | null;
            /** Format: date-time */
            readonly created_at: string;
            readonly card: string;
            readonly record: unknown;
        };
        /** @description The training form's options. */
        SegmenterForm: {
            /** @description JSON Schema (2020-12) of ``options`` */
            schema: {
                [key: string]: unknown;
            };
        };
        SegmenterRef: {
            /** Format: uuid */
            readonly id: string;
            name: string;
        };
        /**
         * SegmenterSpec
         * @description The options of ``python -m ml segment train``.
         */
        SegmenterSpec: {
            /**
             * Epochs
             * @description Passes over the training images.
             * @default 16
             */
            epochs: number;
            /**
             * Examples
             * @description In an epoch, at least. A small folder is gone through several times, augmented anew each time.
             * @default 400
             */
            examples: number;
            /**
             * Seed
             * @description Of the split and of all chance.
             * @default 0
             */
            seed: number;
        };
        /** @description Values of one day and the scores from them; see :mod:`webapp.staging.serum`. */
        Serum: {
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            recorded_at: string;
            age_years: number | null;
            values: components["schemas"]["SerumValue"][];
            /** @description Given as a bound, as in <20 */
            bounded: string[];
            /** @description Why a score is missing */
            refused: string[];
            /** Format: double */
            apri: number | null;
            /** Format: double */
            fib4: number | null;
            /**
             * Format: double
             * @description U/L
             */
            ast_upper_limit: number;
            scores: components["schemas"]["SerumScore"][];
        };
        /** @description A score against its cut-offs: at most ``low`` rules out, above ``high`` rules in. */
        SerumReading: {
            about: components["schemas"]["AboutEnum"];
            /** Format: double */
            low: number;
            /** Format: double */
            high: number;
            says: (components["schemas"]["SaysEnum"] | components["schemas"]["NullEnum"]) | null;
        };
        /** @description APRI or FIB-4; a null value says by ``missing`` and ``bounded`` why it cannot be computed. */
        SerumScore: {
            name: components["schemas"]["SerumScoreNameEnum"];
            /** Format: double */
            value: number | null;
            missing: string[];
            bounded: string[];
            readings: components["schemas"]["SerumReading"][];
        };
        /**
         * @description * `apri` - apri
         *     * `fib4` - fib4
         * @enum {string}
         */
        SerumScoreNameEnum: "apri" | "fib4";
        SerumValue: {
            name: string;
            /** Format: double */
            value: number;
            unit: string;
        };
        Session: {
            readonly user: components["schemas"]["Me"] | null;
            /** @description The hospital's identity provider, where there is one */
            readonly provider: components["schemas"]["Provider"] | null;
            /** @description Send it back as X-CSRFToken with every write. */
            readonly csrf: string;
        };
        /**
         * @description * `third` - Third
         *     * `joint` - Joint
         * @enum {string}
         */
        SettlingEnum: "third" | "joint";
        /**
         * @description * `fine` - fine
         *     * `notice` - notice
         *     * `warning` - warning
         * @enum {string}
         */
        SeverityEnum: "fine" | "notice" | "warning";
        /**
         * @description * `F` - Female
         *     * `M` - Male
         *     * `O` - Other
         * @enum {string}
         */
        SexEnum: "F" | "M" | "O";
        /** @description The password again, and the revision of the draft that was read and is meant. */
        SignatureRequest: {
            password: string;
            revision: number;
        };
        /** @description The report that holds for an exam. ``stage`` is null where it cannot be staged. */
        SignedReport: {
            /** Format: uuid */
            id: string;
            version: number;
            decision: components["schemas"]["DecisionEnum"];
            stage: number | null;
            signed_by: string;
            /** Format: date-time */
            signed_at: string;
        };
        Site: {
            /** Format: uuid */
            readonly id: string;
            code: string;
            name: string;
        };
        SiteRef: {
            /** Format: uuid */
            readonly id: string;
            code: string;
            name: string;
        };
        SiteRequest: {
            code: string;
            name: string;
        };
        /** @description Each model's metrics on the tested patients of one site. */
        SiteResult: {
            site: string;
            patients: number;
            models: {
                [key: string]: {
                    [key: string]: components["schemas"]["Metric"];
                };
            };
        };
        SiteUse: {
            site: string;
            /** @description Bytes that were sent and are kept */
            used: number;
            /** @description Bytes; 0 for no limit */
            limit: number;
        };
        Size: {
            patients: number;
            /** @description Pictures: a cine counts as many as the frames used of it */
            images: number;
        };
        /** @description Patients of each stage in each part; the parts share no patient. */
        SplitCounts: {
            train: components["schemas"]["StageCounts"];
            validation: components["schemas"]["StageCounts"];
            test: components["schemas"]["StageCounts"];
        };
        /**
         * @description * `train` - train
         *     * `validation` - validation
         *     * `test` - test
         * @enum {string}
         */
        SplitEnum: "train" | "validation" | "test";
        /** @description One row of the table. Hospital numbers are not repeated. */
        StageChange: {
            /** @description As a spreadsheet counts, from 1 */
            line: number;
            outcome: components["schemas"]["StageChangeOutcomeEnum"];
            /** Format: uuid */
            patient?: string | null;
            pseudonym?: string | null;
            before: number | null;
            after: number;
        };
        /**
         * @description * `new` - new
         *     * `changed` - changed
         *     * `unchanged` - unchanged
         *     * `unknown-patient` - unknown-patient
         *     * `other-site` - other-site
         *     * `contradicted` - contradicted
         * @enum {string}
         */
        StageChangeOutcomeEnum: "new" | "changed" | "unchanged" | "unknown-patient" | "other-site" | "contradicted";
        /** @description Patients of each stage. */
        StageCounts: {
            S0: number;
            S1: number;
            S2: number;
            S3: number;
            S4: number;
        };
        StageImport: {
            applied: boolean;
            counts: {
                [key: string]: number;
            };
            changes: components["schemas"]["StageChange"][];
        };
        /**
         * @description * `S0` - S0
         *     * `S1` - S1
         *     * `S2` - S2
         *     * `S3` - S3
         *     * `S4` - S4
         * @enum {string}
         */
        StageLabelEnum: "S0" | "S1" | "S2" | "S3" | "S4";
        /**
         * @description * `0` - S0
         *     * `1` - S1
         *     * `2` - S2
         *     * `3` - S3
         *     * `4` - S4
         * @enum {integer}
         */
        StageNumberEnum: 0 | 1 | 2 | 3 | 4;
        StageRead: {
            /** Format: uuid */
            readonly id: string;
            readonly exam: components["schemas"]["ReadExam"];
            readonly reader: string;
            /** @description 0 to 4; null: cannot tell */
            readonly stage: number | null;
            readonly note: string;
            /** Format: double */
            readonly seconds: number | null;
            /** Format: date-time */
            readonly created_at: string;
        };
        StageRequestRequest: {
            stage: number | ("S0" | "S1" | "S2" | "S3" | "S4");
            source: components["schemas"]["StageSourceEnum"];
            /**
             * Format: uuid
             * @description Only where it holds for one exam alone
             */
            exam?: string | null;
        };
        StageRow: {
            title: string;
            stage: string;
            /** @description Patients */
            n: number;
            sensitivity: components["schemas"]["Metric"];
            specificity: components["schemas"]["Metric"];
            precision: components["schemas"]["Metric"];
            auc: components["schemas"]["Metric"];
        };
        /**
         * @description * `biopsy` - Biopsy
         *     * `surgery` - Surgery
         *     * `imaging` - Imaging
         *     * `serology` - Serology
         *     * `simulation` - Simulation
         *     * `table` - Table
         *     * `consensus` - Consensus
         * @enum {string}
         */
        StageSourceEnum: "biopsy" | "surgery" | "imaging" | "serology" | "simulation" | "table" | "consensus";
        StageTableRequestRequest: {
            /**
             * Format: binary
             * @description CSV or Excel with a patient identifier and a stage column
             */
            file: string;
            /** @description Code of the site whose hospital numbers the table uses */
            site: string;
            /** @default table */
            source: components["schemas"]["StageSourceEnum"];
            /**
             * @description Only say what would change
             * @default true
             */
            dry_run: boolean;
        };
        Staging: {
            /** Format: uuid */
            readonly id: string;
            /** Format: uuid */
            readonly exam: string;
            /** Format: uuid */
            readonly pair: string | null;
            /** Format: uuid */
            readonly model: string;
            readonly model_name: string;
            readonly state: components["schemas"]["JobStateEnum"];
            /** Format: uuid */
            readonly job: string;
            readonly result: components["schemas"]["StagingResult"] | null;
            /** Format: double */
            readonly seconds: number | null;
            readonly failure: components["schemas"]["Failure"] | null;
            readonly created_by: string | null;
            /** Format: date-time */
            readonly created_at: string;
            /** Format: date-time */
            readonly finished_at: string | null;
        };
        /** @description Either ``exam`` (all its images) or ``pair``; without ``model`` the champion answers. */
        StagingRequestRequest: {
            /** Format: uuid */
            exam?: string;
            /** Format: uuid */
            pair?: string;
            /** Format: uuid */
            model?: string;
        };
        /** @description The answer, as ``python -m ml stage --json`` gives it, with the registry's id of the model. */
        StagingResult: {
            stage: components["schemas"]["StageLabelEnum"];
            probabilities: components["schemas"]["Probabilities"];
            at_least: components["schemas"]["AtLeast"];
            prediction_set: components["schemas"]["StageLabelEnum"][];
            /**
             * Format: double
             * @description Coverage that the prediction set was calibrated for
             */
            coverage: number;
            bands: components["schemas"]["BandEnum"][];
            /** @description Pictures used of each band */
            images: {
                [key: string]: number;
            };
            model: components["schemas"]["AnsweringModel"];
            /** Format: double */
            seconds: number;
            warnings: string[];
            /** @description Absent from old answers; null where the model cannot tell */
            familiarity?: components["schemas"]["Familiarity"] | null;
            /** @description Why a specialist should look before anybody relies on the answer */
            readonly referral: components["schemas"]["ReferralEnum"][];
            /** @description Absent from old answers */
            crops?: components["schemas"]["CropUsed"][];
        };
        /**
         * @description An experiment to start. ``runs`` are existing ones on the same dataset to put beside the new rows.
         *
         *     ``protocol`` paper is put on every row; ``beside`` is an experiment under the other protocol.
         */
        StartRequest: {
            /** Format: uuid */
            dataset: string;
            rows?: components["schemas"]["WantedRowRequest"][];
            /** @default 1 */
            folds: number;
            /** @default 1 */
            repeats: number;
            /** @default false */
            leave_one_site_out: boolean;
            /** Format: uuid */
            external?: string | null;
            /** @default false */
            quick: boolean;
            name: string;
            /** @default  */
            note: string;
            runs?: string[];
            /** @default strict */
            protocol: components["schemas"]["ProtocolEnum"];
            /** Format: uuid */
            beside?: string | null;
        };
        /**
         * @description * `ok` - ok
         *     * `degraded` - degraded
         *     * `failed` - failed
         * @enum {string}
         */
        StatusEnum: "ok" | "degraded" | "failed";
        /**
         * @description * `assessed` - assessed
         *     * `criterion-chronic-hepatitis-b` - criterion-chronic-hepatitis-b
         *     * `criterion-fibrosis-confirmed` - criterion-fibrosis-confirmed
         *     * `criterion-no-treatment-before` - criterion-no-treatment-before
         *     * `criterion-other-liver-disease` - criterion-other-liver-disease
         *     * `criterion-cirrhosis` - criterion-cirrhosis
         *     * `criterion-organ-dysfunction` - criterion-organ-dysfunction
         *     * `criterion-artefact` - criterion-artefact
         *     * `criterion-pregnancy` - criterion-pregnancy
         *     * `no-stage` - no-stage
         *     * `stage-ambiguous` - stage-ambiguous
         *     * `no-images` - no-images
         *     * `not-released` - not-released
         *     * `band-unknown` - band-unknown
         *     * `hf-only` - hf-only
         *     * `lf-only` - lf-only
         *     * `bands-in-different-exams` - bands-in-different-exams
         *     * `included` - included
         * @enum {string}
         */
        StepEnum: "assessed" | "criterion-chronic-hepatitis-b" | "criterion-fibrosis-confirmed" | "criterion-no-treatment-before" | "criterion-other-liver-disease" | "criterion-cirrhosis" | "criterion-organ-dysfunction" | "criterion-artefact" | "criterion-pregnancy" | "no-stage" | "stage-ambiguous" | "no-images" | "not-released" | "band-unknown" | "hf-only" | "lf-only" | "bands-in-different-exams" | "included";
        StorageCheck: {
            /** Format: uuid */
            readonly id: string;
            readonly hashing: boolean;
            readonly repair: boolean;
            job: components["schemas"]["Job"];
            report: components["schemas"]["StorageReport"] | null;
            readonly created_by: number | null;
            /** Format: date-time */
            readonly created_at: string;
        };
        StorageCheckRequestRequest: {
            /**
             * @description Read every byte
             * @default true
             */
            hashing: boolean;
            /**
             * @description Move files without rows to the trash
             * @default false
             */
            repair: boolean;
        };
        StorageCounts: {
            /** @description Rows that name a file which is not there */
            missing: number;
            /** @description Files that no row names */
            orphan: number;
            /** @description Files whose content is not what was stored */
            changed: number;
        };
        StorageFinding: {
            trouble: components["schemas"]["TroubleEnum"];
            /** @description Below HEPASTAGE_HOME */
            path: string;
            /** @description Model and key of the row; empty for a file without one */
            row: string;
        };
        StorageReport: {
            files: number;
            bytes: number;
            rows: number;
            /** @description Every byte was read */
            hashed: boolean;
            counts: components["schemas"]["StorageCounts"];
            /** @description The first 200 */
            findings: components["schemas"]["StorageFinding"][];
            /** @description Files moved to the trash */
            moved: number;
            /** @description Files that had been in the trash for too long */
            removed: number;
            fine: boolean;
        };
        /** @description How many stand where, and for how long originals are kept. */
        Summary: {
            states: {
                [key: string]: number;
            };
            waiting_by_code: {
                [key: string]: number;
            };
            days: number;
        };
        System: {
            status: components["schemas"]["StatusEnum"];
            database: components["schemas"]["DatabaseEnum"];
            redis: components["schemas"]["RedisEnum"];
            queues: components["schemas"]["QueueCondition"][];
            workers: components["schemas"]["WorkerCondition"][];
            disks: components["schemas"]["Disk"][];
            /** @description What each site holds, the fullest first */
            sites: components["schemas"]["SiteUse"][];
            /** @description How much is stored, and where */
            holdings: components["schemas"]["Holdings"];
            versions: components["schemas"]["Versions"];
        };
        /**
         * @description * `delong` - delong
         *     * `mcnemar` - mcnemar
         *     * `bootstrap` - bootstrap
         * @enum {string}
         */
        TestEnum: "delong" | "mcnemar" | "bootstrap";
        Token: {
            readonly token: string;
        };
        /** @description An exam that files of the upload belong to. */
        TouchedExam: {
            /** Format: uuid */
            exam_id: string;
            /** Format: uuid */
            patient_id: string;
            /** @description Pseudonym */
            patient: string;
            bands: string[];
            /** Format: uuid */
            pair_id?: string | null;
        };
        /**
         * @description A zip of labelme files with their images, the outlines drawn here, or both. In a form, ``options`` is
         *     text of JSON.
         */
        TrainSegmenterRequest: {
            name: string;
            options?: components["schemas"]["SegmenterSpec"];
            /** Format: binary */
            archive?: string;
            /** @default false */
            outlines: boolean;
            /** @description Codes or ids; empty means all of yours */
            sites?: string[];
        };
        /**
         * TrainSpec
         * @description Everything that decides the outcome of a run, besides the dataset version itself.
         */
        TrainSpec: {
            /** @default fusion */
            architecture: components["schemas"]["Architecture"];
            /**
             * Comparator input
             * @description What SVM, VGG, ResNet and GoogLeNet see: HF and LF as channels of one picture, or one band alone.
             * @default channels
             */
            comparator_input: components["schemas"]["ComparatorInput"];
            /**
             * Published weights
             * @description 'none', or torchvision's file of ImageNet weights for this network (.pth or .safetensors) to start from.
             * @default none
             */
            pretrained: string;
            /**
             * @description 'softmax' over five classes as in the paper, or 'ordinal' (CORN), which knows that S0 < S1 < … < S4.
             * @default softmax
             */
            head: components["schemas"]["Head"];
            /**
             * Images of a patient
             * @description 'mean' of their probabilities, or 'attention': the network is trained on whole patients and weighs their images.
             * @default mean
             */
            pooling: components["schemas"]["Pooling"];
            /** Transfer */
            transfer?: components["schemas"]["TransferSpec"];
            /** Augmentation */
            augmentation?: components["schemas"]["AugmentationSpec"];
            /** @default strict */
            protocol: components["schemas"]["Protocol"];
            /**
             * Epochs
             * @description Epochs of every ultrasound phase.
             * @default 12
             */
            epochs: number;
            /**
             * Batch size
             * @default 32
             */
            batch_size: number;
            /**
             * Learning rate
             * @description Of Adam. The paper's 1e-4 needs many times the default epochs; set both to repeat it.
             * @default 0.003
             */
            learning_rate: number;
            /**
             * Learning-rate schedule
             * @description 'cosine' lowers it to zero over the epochs; 'constant' keeps it, as the paper does.
             * @default cosine
             */
            schedule: components["schemas"]["ScheduleEnum"];
            /**
             * L2 regularisation
             * @default 0.0001
             */
            weight_decay: number;
            /**
             * Early-stopping patience (epochs)
             * @default 10
             */
            patience: number;
            /**
             * Precision
             * @default auto
             */
            precision: components["schemas"]["PrecisionEnum"];
            /**
             * Seed
             * @default 0
             */
            seed: number;
        };
        /**
         * @description * `brightness` - brightness
         *     * `contrast` - contrast
         *     * `grey-levels` - grey-levels
         *     * `dark` - dark
         *     * `saturated` - saturated
         *     * `grain` - grain
         *     * `depth` - depth
         *     * `width` - width
         * @enum {string}
         */
        TraitEnum: "brightness" | "contrast" | "grey-levels" | "dark" | "saturated" | "grain" | "depth" | "width";
        /**
         * TransferSpec
         * @description Which of the two transfers (paper §4.2) a run performs. Each can be switched off (ablation).
         */
        TransferSpec: {
            /**
             * First transfer
             * @description Train each band encoder on ten classes of natural images, move its shallow layers back.
             * @default true
             */
            first: boolean;
            /**
             * Second transfer
             * @description Move both fine-tuned band encoders whole into the fusion network (fusion only).
             * @default true
             */
            second: boolean;
            /**
             * First-transfer source
             * @description 'embedded' or a folder of ten class sub-folders of images.
             * @default embedded
             */
            source: string;
            /**
             * First-transfer epochs
             * @default 12
             */
            epochs: number;
        };
        /**
         * @description * `missing` - missing
         *     * `orphan` - orphan
         *     * `changed` - changed
         * @enum {string}
         */
        TroubleEnum: "missing" | "orphan" | "changed";
        /**
         * @description * `patient` - patient
         *     * `image` - image
         * @enum {string}
         */
        UnitEnum: "patient" | "image";
        /** @description A picture unlike those of the training, and in what. */
        UnlikePicture: {
            band: components["schemas"]["BandEnum"];
            /** @description Among the pictures used of its band, from 0 */
            number: number;
            /** Format: double */
            p_value: number;
            trait: components["schemas"]["TraitEnum"];
            direction: components["schemas"]["DirectionEnum"];
        };
        UnmergeRequestRequest: {
            /** @description Stays in the audit log: name nobody */
            reason: string;
            /** Format: uuid */
            merge: string;
        };
        Upload: {
            /** Format: uuid */
            readonly id: string;
            readonly site: string;
            readonly source: components["schemas"]["UploadSourceEnum"];
            readonly created_by: string | null;
            /** Format: date-time */
            readonly created_at: string;
            readonly counts: {
                [key: string]: number;
            };
        };
        UploadCreateRequest: {
            /** @default api */
            source: components["schemas"]["UploadSourceEnum"];
            /** @description Code of the site; not needed by somebody of one site */
            site?: string;
        };
        UploadDetail: {
            /** Format: uuid */
            readonly id: string;
            readonly site: string;
            readonly source: components["schemas"]["UploadSourceEnum"];
            readonly created_by: string | null;
            /** Format: date-time */
            readonly created_at: string;
            readonly counts: {
                [key: string]: number;
            };
            readonly files: components["schemas"]["File"][];
            readonly exams: components["schemas"]["TouchedExam"][];
        };
        /**
         * @description * `browser` - Browser
         *     * `api` - Api
         *     * `folder` - Folder
         *     * `dicomweb` - Dicomweb
         *     * `c-store` - C Store
         *     * `demonstration` - Demonstration
         * @enum {string}
         */
        UploadSourceEnum: "browser" | "api" | "folder" | "dicomweb" | "c-store" | "demonstration";
        UseCriterionRequest: {
            criterion: components["schemas"]["CriterionEnum"];
            used: boolean;
        };
        /** @description A month, or everything. Shares have 95 % Wilson intervals. */
        UsePeriod: {
            /**
             * Format: date
             * @description Its first day; null of everything
             */
            month: string | null;
            answers: number;
            stages: components["schemas"]["StageCounts"];
            /** @description Of the answers: three stages or more not ruled out */
            wide: components["schemas"]["Metric"];
            /** @description Answers whose pictures were compared with the training's */
            judged: number;
            /** @description Of those judged: with a picture unlike the training's */
            unfamiliar: components["schemas"]["Metric"];
            /** @description Reports in force that rest on an answer of this model */
            signed: number;
            /** @description Of those signed: the reviewer gave another stage */
            changed: components["schemas"]["Metric"];
            /** @description Of those signed: the reviewer gave no stage */
            not_staged: components["schemas"]["Metric"];
        };
        /** @description What is left out stays as it is. */
        UserMakeRequest: {
            first_name?: string;
            last_name?: string;
            email?: string;
            role: components["schemas"]["RoleEnum"];
            is_active?: boolean;
            sites?: string[];
            username: string;
        };
        /** @description A person as administrators see one. */
        UserRow: {
            readonly id: number;
            /** @description Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only. */
            readonly username: string;
            readonly first_name: string;
            readonly last_name: string;
            readonly display_name: string;
            /**
             * Email address
             * Format: email
             */
            readonly email: string;
            role: components["schemas"]["RoleEnum"];
            readonly sites: string[];
            /**
             * Active
             * @description Designates whether this user should be treated as active. Unselect this instead of deleting accounts.
             */
            readonly is_active: boolean;
            readonly has_second_factor: boolean;
            readonly has_password: boolean;
            /** Format: date-time */
            readonly date_joined: string;
            /** Format: date-time */
            readonly last_login: string | null;
        };
        /** @description Values taken together, in U/L (ALT, AST, GGT), 10⁹/L, g/L, IU/mL and years; null where not taken. */
        ValuesRequestRequest: {
            age_years?: number | null;
            /** @default  */
            sex: components["schemas"]["SexEnum"] | components["schemas"]["BlankEnum"];
            /** Format: double */
            alt?: number | null;
            /** Format: double */
            ast?: number | null;
            /** Format: double */
            platelets?: number | null;
            /** Format: double */
            ggt?: number | null;
            /** Format: double */
            albumin?: number | null;
            /** Format: double */
            hbv_dna?: number | null;
        };
        /** @description Whether the report and its files are what was signed. */
        Verification: {
            intact: boolean;
            content_hash: string;
            flaws: string[];
        };
        Versions: {
            python: string;
            django: string;
            database: string;
        };
        /**
         * @description * `waiting` - Waiting
         *     * `released` - Released
         *     * `removed` - Removed
         *     * `refused` - Refused
         *     * `expired` - Expired
         * @enum {string}
         */
        WaitingStateEnum: "waiting" | "released" | "removed" | "refused" | "expired";
        /** @description A preset, a specification, or a specification that began as a preset. */
        WantedRowRequest: {
            /** @default  */
            title: string;
            /** @default  */
            preset: components["schemas"]["PresetEnum"] | components["schemas"]["BlankEnum"];
            spec?: components["schemas"]["TrainSpec"];
        };
        Warning: {
            code: string;
            message: string;
        };
        /**
         * @description * `none` - none
         *     * `quadratic` - quadratic
         * @enum {string}
         */
        WeightingEnum: "none" | "quadratic";
        WithdrawRequest: {
            /** @description Stays in the audit log: name nobody */
            reason: string;
        };
        WorkerCondition: {
            /** @description machine:process:random */
            name: string;
            queues: components["schemas"]["QueueEnum"][];
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            seen_at: string;
            alive: boolean;
            job: components["schemas"]["Job"] | null;
        };
        /** @description Where the reader found writing; what it says is not kept. */
        Writing: {
            frame: number;
            box: number[];
            /** Format: double */
            score: number;
        };
        Yours: {
            /** @description Closed polygons in pixels of the frame, x right, y down; 10000 corners */
            polygons: number[][][];
            made_from: number;
        };
        /** @description RFC 9457 problem details. */
        Problem: {
            type: string;
            title: string;
            status: number;
            /** @description A sentence for people */
            detail: string;
            /** @description Stable, for programs */
            code: string;
            /** @description What to do */
            remedy: string;
            errors?: {
                /** @description A dotted path, as spec.transfer.epochs */
                field: string;
                message: string;
                code: string;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    adjudications_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                exam?: string;
                /**
                 * @description * `quality` - Quality
                 *     * `stage` - Stage
                 */
                kind?: "quality" | "stage";
                /** @description Number of results to return per page. */
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedAdjudicationList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adjudications_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdjudicateRequest"];
                "multipart/form-data": components["schemas"]["AdjudicateRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Adjudication"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adjudications_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this adjudication. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Adjudication"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adjudications_agreement_retrieve: {
        parameters: {
            query: {
                kind: "quality" | "stage";
                /** @description Code of a site */
                site?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agreement"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adjudications_compared_list: {
        parameters: {
            query: {
                kind: "quality" | "stage";
                /** @description Only what is to be settled */
                waiting?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Compared"][];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adjudications_record_stage_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecordConsensusRequest"];
                "multipart/form-data": components["schemas"]["RecordConsensusRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PathologyStage"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_list: {
        parameters: {
            query?: {
                action?: string;
                actor_name?: string;
                after?: string;
                before?: string;
                /** @description The pagination cursor value. */
                cursor?: string;
                object_id?: string;
                object_type?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                search?: string;
                site?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedEntryList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A unique value identifying this entry. */
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_export_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invitation_accept: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationRequest"];
                "multipart/form-data": components["schemas"]["InvitationRequest"];
            };
        };
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    session_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CredentialsRequest"];
                "multipart/form-data": components["schemas"]["CredentialsRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_destroy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    token_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CredentialsRequest"];
                "multipart/form-data": components["schemas"]["CredentialsRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    token_destroy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cohort_list: {
        parameters: {
            query?: {
                /** @description Codes, with commas; all of yours if left out */
                sites?: string;
                step?: "assessed" | "band-unknown" | "bands-in-different-exams" | "criterion-artefact" | "criterion-chronic-hepatitis-b" | "criterion-cirrhosis" | "criterion-fibrosis-confirmed" | "criterion-no-treatment-before" | "criterion-organ-dysfunction" | "criterion-other-liver-disease" | "criterion-pregnancy" | "hf-only" | "included" | "lf-only" | "no-images" | "no-stage" | "not-released" | "stage-ambiguous";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Candidates"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    criteria_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Criterion"][];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    criteria_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UseCriterionRequest"];
                "multipart/form-data": components["schemas"]["UseCriterionRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Criterion"][];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    curation_list: {
        parameters: {
            query?: {
                list?: "missing-band" | "missing-serum" | "suspicious";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurationRow"][];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datasets_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                name?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                /**
                 * @description * `building` - Building
                 *     * `frozen` - Frozen
                 *     * `failed` - Failed
                 */
                state?: ("building" | "failed" | "frozen")[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedDatasetList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datasets_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FreezeRequest"];
                "multipart/form-data": components["schemas"]["FreezeRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datasets_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this dataset version. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datasets_destroy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this dataset version. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datasets_audit_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this dataset version. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditReport"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datasets_patients_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                /** @description Code of a site */
                site?: string;
                split?: "test" | "train" | "validation";
                stage?: "S0" | "S1" | "S2" | "S3" | "S4";
            };
            header?: never;
            path: {
                /** @description A UUID string identifying this dataset version. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedMemberList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datasets_preview_retrieve: {
        parameters: {
            query?: {
                /** @description Codes or ids of sites, separated by commas; absent means all of yours */
                sites?: string;
                /** @description Seed of the split, 0 if absent */
                split_seed?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    demonstration_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Demonstration"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exams_list: {
        parameters: {
            query?: {
                /** @description Exams that come after this one */
                after?: unknown;
                /** @description The pagination cursor value. */
                cursor?: string;
                /**
                 * @description Are both bands there?
                 *
                 *     * `yes` - yes
                 *     * `no` - no
                 */
                has_pair?: "no" | "yes";
                /** @description Which field to use when ordering the results. */
                ordering?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                patient?: string;
                /**
                 * @description Answered and not signed; signed; signed otherwise
                 *
                 *     * `waiting` - waiting
                 *     * `signed` - signed
                 *     * `disagreement` - disagreement
                 */
                review?: "disagreement" | "signed" | "waiting";
                /** @description Beginning of the pseudonym */
                search?: string;
                /** @description Code of the site */
                site?: string;
                /** @description Pathology stage, 0 to 4 */
                stage?: number;
                /**
                 * @description Has a model answered?
                 *
                 *     * `yes` - yes
                 *     * `no` - no
                 */
                staged?: "no" | "yes";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedExamList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exams_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this exam. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExamDetail"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    experiments_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                dataset?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                /**
                 * @description * `strict` - strict
                 *     * `paper` - paper
                 */
                protocol?: "paper" | "strict";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedExperimentList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    experiments_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartRequest"];
                "multipart/form-data": components["schemas"]["StartRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExperimentDetail"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    experiments_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this experiment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExperimentDetail"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    experiments_cancel_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this experiment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExperimentDetail"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    experiments_comparison_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this experiment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    experiments_files_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this experiment. */
                id: string;
                name: "metrics.json" | "operating_points.csv" | "predictions.csv" | "report.html" | "significance.csv" | "table2.csv" | "table2.tex";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                    "application/x-tex": string;
                    "text/csv": string;
                    "text/html": string;
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    experiments_results_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this experiment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    experiments_resume_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this experiment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExperimentDetail"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "experiments_table._retrieve": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this experiment. */
                id: string;
                kind: "csv" | "html" | "json" | "tex";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                    "text/html": string;
                    "application/x-tex": string;
                    "application/json": string;
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    experiments_estimate_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EstimateRequest"];
                "multipart/form-data": components["schemas"]["EstimateRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Estimated"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    images_list: {
        parameters: {
            query?: {
                /**
                 * @description * `HF` - HF
                 *     * `LF` - LF
                 */
                band?: "HF" | "LF";
                /** @description The pagination cursor value. */
                cursor?: string;
                exam?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                simulated?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedImageList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    images_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this image. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    images_partial_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this image. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedBandRequest"];
                "multipart/form-data": components["schemas"]["PatchedBandRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    images_network_input: {
        parameters: {
            query?: {
                format?: "json" | "png";
            };
            header?: never;
            path: {
                /** @description From 0 */
                frame: number;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    images_rendered: {
        parameters: {
            query?: {
                format?: "json" | "png";
            };
            header?: never;
            path: {
                /** @description From 0 */
                frame: number;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    images_withdraw_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this image. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WithdrawRequest"];
                "multipart/form-data": components["schemas"]["WithdrawRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    jobs_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                kind?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                /**
                 * @description * `gpu.train` - Gpu Train
                 *     * `gpu.infer` - Gpu Infer
                 *     * `cpu` - Cpu
                 */
                queue?: "cpu" | "gpu.infer" | "gpu.train";
                /**
                 * @description * `queued` - Queued
                 *     * `running` - Running
                 *     * `succeeded` - Succeeded
                 *     * `failed` - Failed
                 *     * `cancelled` - Cancelled
                 */
                state?: ("cancelled" | "failed" | "queued" | "running" | "succeeded")[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedJobList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    jobs_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    jobs_cancel_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    jobs_events_retrieve: {
        parameters: {
            query?: {
                /** @description Only events after this number */
                after?: number;
            };
            header?: never;
            path: {
                /** @description A UUID string identifying this job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobEvents"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    jobs_retry_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me_update: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedMeRequest"];
                "multipart/form-data": components["schemas"]["PatchedMeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    own_password_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChangeRequest"];
                "multipart/form-data": components["schemas"]["PasswordChangeRequest"];
            };
        };
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    second_factor_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactor"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    second_factor_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmationRequest"];
                "multipart/form-data": components["schemas"]["ConfirmationRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    second_factor_begin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordRequest"];
                "multipart/form-data": components["schemas"]["PasswordRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enrolment"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    second_factor_remove: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordRequest"];
                "multipart/form-data": components["schemas"]["PasswordRequest"];
            };
        };
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    model_use_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Model */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelUse"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_list: {
        parameters: {
            query?: {
                alias?: string;
                /**
                 * @description * `hf` - hf
                 *     * `lf` - lf
                 *     * `fusion` - fusion
                 *     * `svm` - svm
                 *     * `vgg` - vgg
                 *     * `resnet` - resnet
                 *     * `googlenet` - googlenet
                 */
                architecture?: "fusion" | "googlenet" | "hf" | "lf" | "resnet" | "svm" | "vgg";
                /** @description The pagination cursor value. */
                cursor?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                /**
                 * @description * `strict` - strict
                 *     * `paper` - paper
                 */
                protocol?: "paper" | "strict";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedModelList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this model version. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelDetail"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_export_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this model version. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_promote_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this model version. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AliasNameRequest"];
                "multipart/form-data": components["schemas"]["AliasNameRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelDetail"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_aliases_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alias"][];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_import_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["ImportRequest"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Arrival"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_rollback_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AliasNameRequest"];
                "multipart/form-data": components["schemas"]["AliasNameRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelDetail"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    outline_proposals_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProposalRequestRequest"];
                "multipart/form-data": components["schemas"]["ProposalRequestRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutlineProposal"];
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutlineProposal"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    outline_proposals_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this outline proposal. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutlineProposal"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    outlines_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                exam?: string;
                /** @description Is one of its revisions final? */
                final?: boolean;
                frame?: number;
                image?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                /**
                 * @description * `draft` - Draft
                 *     * `final` - Final
                 */
                state?: "draft" | "final";
                /** @description In the trash instead of in use */
                trashed?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedOutlineList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    outlines_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OutlineSaveRequest"];
                "multipart/form-data": components["schemas"]["OutlineSaveRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Outline"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["OutlineConflict"];
                };
            };
        };
    };
    outlines_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this outline. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutlineDetail"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    outlines_destroy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this outline. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Outline"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    outlines_finalise_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this outline. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FinaliseRequest"];
                "multipart/form-data": components["schemas"]["FinaliseRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Outline"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["OutlineConflict"];
                };
            };
        };
    };
    outlines_restore_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this outline. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Outline"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    outlines_revision: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this outline. */
                id: string;
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevisionDetail"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    outlines_export: {
        parameters: {
            query: {
                /** @description Newest revisions, drafts too, instead of final ones */
                drafts?: boolean;
                exam?: string;
                image?: string;
                layout: "coco" | "labelme" | "seg";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    outlines_import: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["ImportOutlinesRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportLine"][];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    outlines_parse: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["ParseRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Parsed"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pairs_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                exam?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedPairList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pairs_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this image pair. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PairDetail"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patients_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                /** @description Beginning of the pseudonym */
                search?: string;
                simulated?: boolean;
                site?: string;
                stage?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedPatientList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patients_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this patient. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PatientDetail"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patients_clinical_values_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this patient. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ValuesRequestRequest"];
                "multipart/form-data": components["schemas"]["ValuesRequestRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordedValues"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patients_curation_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this patient. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Curation"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patients_eligibility_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this patient. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnswerRequestRequest"];
                "multipart/form-data": components["schemas"]["AnswerRequestRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Curation"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patients_merge_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this patient. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MergeRequestRequest"];
                "multipart/form-data": components["schemas"]["MergeRequestRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Merge"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patients_reidentify_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this patient. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonRequest"];
                "multipart/form-data": components["schemas"]["ReasonRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Numbers"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patients_stage_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this patient. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StageRequestRequest"];
                "multipart/form-data": components["schemas"]["StageRequestRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PathologyStage"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patients_unmerge_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this patient. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnmergeRequestRequest"];
                "multipart/form-data": components["schemas"]["UnmergeRequestRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Merge"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patients_clinical_table_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["ClinicalTableRequestRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClinicalImport"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patients_stage_table_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["StageTableRequestRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StageImport"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    quality_reads_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                exam?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                /**
                 * @description * `acceptable` - Acceptable
                 *     * `limited` - Limited
                 *     * `unacceptable` - Unacceptable
                 */
                quality?: "acceptable" | "limited" | "unacceptable";
                reader?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedQualityReadList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    quality_reads_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LockQualityRequest"];
                "multipart/form-data": components["schemas"]["LockQualityRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QualityRead"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    quality_reads_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this quality read. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QualityRead"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    quarantine_list: {
        parameters: {
            query?: {
                code?: string;
                /** @description The pagination cursor value. */
                cursor?: string;
                layout?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                site?: string;
                /**
                 * @description * `waiting` - Waiting
                 *     * `released` - Released
                 *     * `removed` - Removed
                 *     * `refused` - Refused
                 *     * `expired` - Expired
                 */
                state?: "expired" | "refused" | "released" | "removed" | "waiting";
                upload?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedQuarantineItemList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    quarantine_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this quarantine item. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuarantineItem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    quarantine_after: {
        parameters: {
            query?: {
                /** @description x0,y0,x1,y1;… else the proposal */
                keep?: string;
                /** @description x0,y0,x1,y1;… */
                masks?: string;
                /** @description Shrink to this many pixels across */
                width?: number;
            };
            header?: never;
            path: {
                /** @description From 0 */
                frame: number;
                /** @description A UUID string identifying this quarantine item. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    quarantine_before: {
        parameters: {
            query?: {
                /** @description Shrink to this many pixels across */
                width?: number;
            };
            header?: never;
            path: {
                /** @description From 0 */
                frame: number;
                /** @description A UUID string identifying this quarantine item. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    quarantine_decide_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionRequest"];
                "multipart/form-data": components["schemas"]["DecisionRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decisions"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    quarantine_summary_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Summary"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_assignments_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                /** @description Read already? */
                done?: boolean;
                exam?: string;
                /**
                 * @description * `quality` - Quality
                 *     * `stage` - Stage
                 */
                kind?: "quality" | "stage";
                /** @description Given to who asks */
                mine?: boolean;
                /** @description Number of results to return per page. */
                page_size?: number;
                reader?: number;
                /** @description Taken back? Left out: no */
                withdrawn?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedAssignmentList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_assignments_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssignRequest"];
                "multipart/form-data": components["schemas"]["AssignRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assigned"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_assignments_destroy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this assignment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assignment"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_assignments_restore_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this assignment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assignment"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_assignments_progress_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KindProgress"][];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_assignments_queue_retrieve: {
        parameters: {
            query?: {
                /**
                 * @description * `quality` - Quality
                 *     * `stage` - Stage
                 */
                kind?: "quality" | "stage";
                /**
                 * @description * `assigned` - assigned
                 *     * `least-read` - least-read
                 *     * `uncertain` - uncertain
                 */
                order?: "assigned" | "least-read" | "uncertain";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_assignments_readers_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reader"][];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reports_list: {
        parameters: {
            query?: {
                /** @description Only versions that hold */
                current?: boolean;
                /** @description The pagination cursor value. */
                cursor?: string;
                /**
                 * @description * `agree` - Agree
                 *     * `change` - Change
                 *     * `cannot-be-staged` - Cannot
                 */
                decision?: ("agree" | "cannot-be-staged" | "change")[];
                exam?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                patient?: string;
                signed_by?: number;
                staging?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedReportList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reports_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this report. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportDetail"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reports_amend_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this report. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AmendmentRequest"];
                "multipart/form-data": components["schemas"]["AmendmentRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Review"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reports_fhir: {
        parameters: {
            query?: {
                format?: "fhir" | "json";
            };
            header?: never;
            path: {
                /** @description A UUID string identifying this report. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/fhir+json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reports_pdf: {
        parameters: {
            query?: {
                format?: "json" | "pdf";
                /** @description en where not given */
                language?: "en" | "zh";
            };
            header?: never;
            path: {
                /** @description A UUID string identifying this report. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reports_seg: {
        parameters: {
            query?: {
                format?: "json" | "zip";
            };
            header?: never;
            path: {
                /** @description A UUID string identifying this report. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reports_sr: {
        parameters: {
            query?: {
                format?: "dicom" | "json";
            };
            header?: never;
            path: {
                /** @description A UUID string identifying this report. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/dicom": string;
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reports_verification_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this report. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reviews_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                exam?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                staging?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedReviewList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reviews_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReviewRequestRequest"];
                "multipart/form-data": components["schemas"]["ReviewRequestRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Review"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reviews_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this review. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Review"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reviews_destroy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this review. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reviews_partial_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this review. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedReviewSaveRequest"];
                "multipart/form-data": components["schemas"]["PatchedReviewSaveRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Review"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reviews_sign_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this review. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignatureRequest"];
                "multipart/form-data": components["schemas"]["SignatureRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_list: {
        parameters: {
            query?: {
                /**
                 * @description * `hf` - hf
                 *     * `lf` - lf
                 *     * `fusion` - fusion
                 *     * `svm` - svm
                 *     * `vgg` - vgg
                 *     * `resnet` - resnet
                 *     * `googlenet` - googlenet
                 */
                architecture?: "fusion" | "googlenet" | "hf" | "lf" | "resnet" | "svm" | "vgg";
                /** @description The pagination cursor value. */
                cursor?: string;
                dataset?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                preset?: string;
                /**
                 * @description * `strict` - strict
                 *     * `paper` - paper
                 */
                protocol?: "paper" | "strict";
                search?: string;
                /**
                 * @description * `queued` - Queued
                 *     * `running` - Running
                 *     * `succeeded` - Succeeded
                 *     * `failed` - Failed
                 *     * `cancelled` - Cancelled
                 */
                state?: ("cancelled" | "failed" | "queued" | "running" | "succeeded")[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedRunList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LaunchRequest"];
                "multipart/form-data": components["schemas"]["LaunchRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_cancel_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_figures_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunFigures"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "runs_metrics.json_retrieve": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "runs_predictions.csv_retrieve": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_resume_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_compare_retrieve: {
        parameters: {
            query: {
                /** @description Ids, separated by commas */
                ids: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_compare_file: {
        parameters: {
            query: {
                /** @description Ids, separated by commas */
                ids: string;
            };
            header?: never;
            path: {
                name: "metrics.csv" | "metrics.tex" | "patients.csv";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-tex": string;
                    "text/csv": string;
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_disagreement_retrieve: {
        parameters: {
            query: {
                /** @description Ids, separated by commas */
                ids: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Disagreement"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_schema_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Form"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    saved_views_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                /**
                 * @description * `worklist` - Worklist
                 *     * `reading` - Reading
                 *     * `runs` - Runs
                 *     * `jobs` - Jobs
                 *     * `quarantine` - Quarantine
                 *     * `audit` - Audit
                 *     * `cohort` - Cohort
                 *     * `patients` - Patients
                 */
                page?: "audit" | "cohort" | "jobs" | "patients" | "quarantine" | "reading" | "runs" | "worklist";
                /** @description Number of results to return per page. */
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedSavedViewList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    saved_views_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SaveViewRequest"];
                "multipart/form-data": components["schemas"]["SaveViewRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedView"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    saved_views_destroy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this saved view. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedView"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    saved_views_partial_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this saved view. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedChangeViewRequest"];
                "multipart/form-data": components["schemas"]["PatchedChangeViewRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedView"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    saved_views_restore_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this saved view. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedView"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    segmenters_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedSegmenterList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    segmenters_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["TrainSegmenterRequest"];
                "application/json": components["schemas"]["TrainSegmenterRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Segmenter"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    segmenters_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this segmenter. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SegmenterDetail"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    segmenters_activate_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this segmenter. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Segmenter"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    segmenters_cancel_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this segmenter. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Segmenter"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    segmenters_deactivate_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this segmenter. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Segmenter"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    segmenters_example: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                /** @description From 0 */
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    segmenters_resume_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this segmenter. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Segmenter"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    segmenters_material_retrieve: {
        parameters: {
            query?: {
                /** @description Codes or ids of sites, separated by commas; absent means all of yours */
                sites?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Available"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    segmenters_schema_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SegmenterForm"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedBrowserSessionList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_destroy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this browser session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sites_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedSiteList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sites_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SiteRequest"];
                "multipart/form-data": components["schemas"]["SiteRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sites_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this site. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sites_partial_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this site. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedSiteChangeRequest"];
                "multipart/form-data": components["schemas"]["PatchedSiteChangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stage_reads_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                exam?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                reader?: number;
                /**
                 * @description * `0` - S0
                 *     * `1` - S1
                 *     * `2` - S2
                 *     * `3` - S3
                 *     * `4` - S4
                 */
                stage?: 0 | 1 | 2 | 3 | 4 | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedStageReadList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stage_reads_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LockStageRequest"];
                "multipart/form-data": components["schemas"]["LockStageRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StageRead"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stage_reads_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this stage read. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StageRead"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stagings_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                exam?: string;
                model?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
                pair?: string;
                /**
                 * @description * `queued` - Queued
                 *     * `running` - Running
                 *     * `succeeded` - Succeeded
                 *     * `failed` - Failed
                 *     * `cancelled` - Cancelled
                 */
                state?: ("cancelled" | "failed" | "queued" | "running" | "succeeded")[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedStagingList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stagings_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["StagingRequestRequest"];
                "multipart/form-data": components["schemas"]["StagingRequestRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Staging"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stagings_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this staging. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Staging"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stagings_attention: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this staging. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attention"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stagings_ask_attention: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this staging. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attention"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stagings_attention_picture: {
        parameters: {
            query?: {
                format?: "json" | "png";
            };
            header?: never;
            path: {
                /** @description A UUID string identifying this staging. */
                id: string;
                /** @description From 0 */
                index: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    storage_checks_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedStorageCheckList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    storage_checks_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["StorageCheckRequestRequest"];
                "multipart/form-data": components["schemas"]["StorageCheckRequestRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StorageCheck"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    storage_checks_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this storage check. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StorageCheck"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    system_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["System"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tokens_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedApiTokenList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tokens_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiTokenRequestRequest"];
                "multipart/form-data": components["schemas"]["ApiTokenRequestRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeToken"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tokens_destroy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this api token. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                /** @description Number of results to return per page. */
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedUploadList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["UploadCreateRequest"];
                "multipart/form-data": components["schemas"]["UploadCreateRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_retrieve: {
        parameters: {
            query?: {
                /** @description false: without the files, of which there may be thousands */
                files?: boolean;
            };
            header?: never;
            path: {
                /** @description A UUID string identifying this upload. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadDetail"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_files_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this upload. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["FileUploadRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileResults"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_files_original_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: string;
                /** @description A UUID string identifying this upload. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_known_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A UUID string identifying this upload. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnnouncementRequest"];
                "multipart/form-data": components["schemas"]["AnnouncementRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KnownFiles"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                is_active?: boolean;
                /** @description Number of results to return per page. */
                page_size?: number;
                /**
                 * @description * `clinician` - Clinician
                 *     * `annotator` - Annotator
                 *     * `researcher` - Researcher
                 *     * `administrator` - Administrator
                 */
                role?: "administrator" | "annotator" | "clinician" | "researcher";
                search?: string;
                sites?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedUserRowList"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserMakeRequest"];
                "multipart/form-data": components["schemas"]["UserMakeRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeUser"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A unique integer value identifying this user. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRow"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_partial_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A unique integer value identifying this user. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedUserChangeRequest"];
                "multipart/form-data": components["schemas"]["PatchedUserChangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRow"];
                };
            };
            /** @description The request is not valid; `errors` names the fields. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_invite_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A unique integer value identifying this user. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Link"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_reset_second_factor_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A unique integer value identifying this user. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRow"];
                };
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_sign_out_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A unique integer value identifying this user. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in, or send a token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Your role does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to a site that is not yours. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the present state; `code` and `remedy` say why and what to do. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
